import type { ClientBase, Pool } from 'pg';
import type { CheckedVerdict, Status } from './verdict.js';

/** A run of all checks. */
export interface HealthRun {
  readonly slot: Date;
  readonly checked_at: Date;
  /** Seconds between two runs, by the settings of the worker that checked. */
  readonly every_seconds: number;
  readonly status: Status;
  readonly checks: readonly CheckedVerdict[];
  /** Seconds since, by PostgreSQL's clock. */
  readonly age_seconds: number;
}

const COLUMNS = `slot, checked_at, every_seconds, status, checks,
  extract(epoch FROM clock_timestamp() - checked_at)::float8 AS age_seconds`;

/** The latest runs, the newest first. */
export async function latestRuns(connection: ClientBase | Pool, limit: number): Promise<HealthRun[]> {
  const { rows } = await connection.query<HealthRun>(
    `SELECT ${COLUMNS} FROM health_checks ORDER BY slot DESC LIMIT $1`,
    [limit],
  );
  return rows;
}

/** The latest run at or before an instant; null when there is none. */
export async function runBefore(connection: ClientBase | Pool, instant: Date): Promise<HealthRun | null> {
  const { rows } = await connection.query<HealthRun>(
    `SELECT ${COLUMNS} FROM health_checks WHERE slot <= $1 ORDER BY slot DESC LIMIT 1`,
    [instant],
  );
  return rows[0] ?? null;
}
