import type { ClientBase, Pool } from 'pg';

/** Seconds after which a process counts as gone. It reports every five. */
export const GONE_AFTER = 15;

export type ReplicaKind = 'api' | 'worker';

/**
 * What a process measures of itself. Everything adds up over processes: averages are sent as sum and number. A process
 * leaves out what it does not have.
 */
export type ReplicaFigures = Readonly<
  Partial<{
    /** Resident memory. */
    memory_bytes: number;
    /** Open HTTP connections. */
    connections: number;
    /** Queries answered in the last minute. */
    queries: number;
    /** Milliseconds that they took together. */
    query_ms: number;
    /** Queries of the last minute whose answer was in the cache. */
    cache_hits: number;
    /** Queries of the last minute whose answer may be cached and was not. */
    cache_misses: number;
    /** Events committed in the last minute. */
    events: number;
    /** Milliseconds from receipt to commit, of these events together. */
    event_ms: number;
  }>
>;

/** A process that runs now. */
export interface Replica {
  readonly kind: ReplicaKind;
  readonly figures: ReplicaFigures;
}

/** When a process last reported, and how its clock was then. */
export interface ReplicaReport {
  readonly kind: ReplicaKind;
  readonly age_seconds: number;
  /** Ahead of PostgreSQL's; less by the time that the report took to arrive. */
  readonly clock_ahead_ms: number;
}

/** The processes that have reported in the last 15 seconds. */
export async function recentReplicas(client: ClientBase): Promise<Replica[]> {
  const { rows } = await client.query<Replica>(
    'SELECT kind, figures FROM replicas WHERE reported_at >= now() - make_interval(secs => $1)',
    [GONE_AFTER],
  );
  return rows;
}

/** The last report of every process that has reported in the last minute and has not said farewell. */
export async function latestReports(connection: ClientBase | Pool): Promise<ReplicaReport[]> {
  const { rows } = await connection.query<ReplicaReport>(
    `SELECT kind, extract(epoch FROM clock_timestamp() - reported_at)::float8 AS age_seconds,
            coalesce(clock_ahead_ms, 0) AS clock_ahead_ms
     FROM replicas WHERE reported_at >= now() - interval '1 minute'`,
  );
  return rows;
}
