import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

/** What PostgreSQL says about itself. */
export interface DatabaseFigures {
  /** Milliseconds from here to there and back. */
  readonly latency_ms: number;
  readonly connections: number;
  /** Without those that are reserved. */
  readonly max_connections: number;
  readonly size_bytes: number;
  /** Of client sessions on this database; null: none is in a transaction. */
  readonly oldest_transaction_seconds: number | null;
  /** Transactions since the oldest that a row may still name. */
  readonly xid_age: number;
  readonly replicas: number;
  /** Of the replica that is furthest behind; null: there is none. */
  readonly replication_lag_bytes: number | null;
}

const FIGURES = `
  SELECT (SELECT sum(numbackends) FROM pg_stat_database)::float8 AS connections,
         current_setting('max_connections')::float8 - current_setting('superuser_reserved_connections')::float8
           - coalesce(current_setting('reserved_connections', true), '0')::float8 AS max_connections,
         pg_database_size(current_database())::float8 AS size_bytes,
         (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database())::float8 AS xid_age,
         oldest_transaction_seconds, replicas, replication_lag_bytes
  FROM server_activity()`;

/** Reads them, in two round trips. */
export async function databaseFigures(pool: Pool): Promise<DatabaseFigures> {
  // First, so that the connection is open when the latency is measured.
  const [figures] = await boundedQuery<Omit<DatabaseFigures, 'latency_ms'>>(pool, FIGURES);
  const begun = performance.now();
  await boundedQuery(pool, 'SELECT 1');
  return { latency_ms: Math.round((performance.now() - begun) * 10) / 10, ...figures! };
}

/** Bytes of the database. */
export async function databaseSize(pool: Pool): Promise<number> {
  const [row] = await boundedQuery<{ bytes: number }>(
    pool,
    'SELECT pg_database_size(current_database())::float8 AS bytes',
  );
  return row!.bytes;
}
