import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

/** What the ledger says of the last hour, over all organizations. */
export interface LedgerFigures {
  readonly batches: number;
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly dead_lettered: number;
  /** Batches whose outcomes do not add up. */
  readonly unbalanced: number;
  /** Seconds since the newest batch was received; null: none in the hour. */
  readonly newest_seconds: number | null;
}

/** LATERAL forces an index range for each organization: the ledger has no index by time alone. */
const FIGURES = `
  SELECT coalesce(sum(h.batches), 0)::float8 AS batches, coalesce(sum(h.received), 0)::float8 AS received,
         coalesce(sum(h.stored), 0)::float8 AS stored, coalesce(sum(h.duplicate), 0)::float8 AS duplicate,
         coalesce(sum(h.dead_lettered), 0)::float8 AS dead_lettered,
         coalesce(sum(h.unbalanced), 0)::float8 AS unbalanced,
         extract(epoch FROM clock_timestamp() - max(h.newest))::float8 AS newest_seconds
  FROM organizations o, LATERAL (
    SELECT count(*) AS batches, sum(l.received) AS received, sum(l.stored) AS stored, sum(l.duplicate) AS duplicate,
           sum(l.dead_lettered) AS dead_lettered, max(l.received_at) AS newest,
           count(*) FILTER (WHERE l.received <> l.stored + l.duplicate + l.dead_lettered) AS unbalanced
    FROM ledger l WHERE l.organization_id = o.id AND l.received_at >= now() - interval '1 hour'
  ) AS h`;

export async function ledgerFigures(pool: Pool): Promise<LedgerFigures> {
  return (await boundedQuery<LedgerFigures>(pool, FIGURES))[0]!;
}
