import { Pool } from 'pg';
import { duration, type Verdict } from '#health';
import { type DatabaseFigures, databaseFigures } from '../reads/database.read-model.js';
import { defineCheck } from './define-check.js';
import { type Limits, reached, verdictOf } from './judge.js';

export const DATABASE_LIMITS = {
  /** Milliseconds. The API answers 503 when a dependency takes longer than some 600. */
  latency: { warn: 250, fail: 600 },
  /** Share of the connections. At 1, new processes and replaced connections are refused. */
  connections: { warn: 0.8, fail: 0.95 },
  /**
   * Seconds. While a transaction is open, VACUUM frees nothing that was deleted since, and deltas are deleted all the time.
   * Readers are ended after a minute; a dump may take longer.
   */
  transaction: { warn: 600, fail: 3600 },
  /** Autovacuum freezes from 200 million on. PostgreSQL refuses writes at some 2,100 million. */
  xidAge: { warn: 500_000_000, fail: 1_500_000_000 },
  /** Bytes. A replica that is far behind makes the server keep write-ahead log. */
  replicationLag: { warn: 64 * 1024 ** 2, fail: 1024 ** 3 },
} as const satisfies Readonly<Record<string, Limits>>;

export type DatabaseLimits = Readonly<Record<keyof typeof DATABASE_LIMITS, Limits>>;

/** Pure. */
export function judgeDatabase(figures: DatabaseFigures, limits: DatabaseLimits = DATABASE_LIMITS): Verdict {
  const { latency_ms, connections, max_connections, xid_age } = figures;
  const oldest = figures.oldest_transaction_seconds ?? 0;
  const lag = figures.replication_lag_bytes ?? 0;
  return verdictOf('PostgreSQL answers quickly and has room for connections.', { ...figures }, [
    ...reached(
      latency_ms,
      limits.latency,
      `PostgreSQL took ${latency_ms} ms for SELECT 1: see what keeps its processors or its disk busy.`,
    ),
    ...reached(
      connections / max_connections,
      limits.connections,
      `${connections} of ${max_connections} connections are used: raise max_connections, or lower DB_POOL_SIZE.`,
    ),
    ...reached(
      oldest,
      limits.transaction,
      `A transaction has been open for ${duration(oldest)}, and VACUUM frees nothing meanwhile: find it in ` +
        'pg_stat_activity by xact_start, and end it with pg_terminate_backend.',
    ),
    ...reached(
      xid_age,
      limits.xidAge,
      `No VACUUM has frozen rows for ${Math.round(xid_age / 1e6)} million transactions: see why autovacuum does not ` +
        'get through, before PostgreSQL refuses writes.',
    ),
    ...reached(
      lag,
      limits.replicationLag,
      `A replica of PostgreSQL is ${Math.round(lag / 1024 ** 2)} MiB behind: see whether it runs and keeps up.`,
    ),
  ]);
}

/** Whether PostgreSQL answers and has room. */
export const database = databaseCheck(DATABASE_LIMITS);

/** The check with other limits, for tests. */
export function databaseCheck(limits: DatabaseLimits) {
  return defineCheck({
    name: 'database',
    inject: [Pool],
    run: async (_context, pool) => judgeDatabase(await databaseFigures(pool), limits),
  });
}
