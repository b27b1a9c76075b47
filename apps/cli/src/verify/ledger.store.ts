import type { Snapshot } from './snapshot.store.js';

/** One row of the ledger with its dead letters; either may be absent. */
export interface LedgerRow {
  readonly organization_id: string;
  readonly batch_id: string;
  readonly received: number | null;
  readonly stored: number | null;
  readonly duplicate: number | null;
  readonly dead_lettered: number | null;
  /** Rows in `dead_letters`. */
  readonly dead_letters: number;
}

/** Batches an organization sent in one millisecond: events know when they were received, not their batch. */
export interface ReceiptPair {
  readonly organization_id: string;
  readonly received_at: Date;
  /** Existing and erased events. */
  readonly expected: number;
  /** `stored` in the ledger. */
  readonly found: number;
}

/** SQL that compares the ledger with events and dead letters. */
export class LedgerStore {
  constructor(private readonly snapshot: Snapshot) {}

  receiptPairs(): AsyncGenerator<ReceiptPair> {
    return this.snapshot.stream(`
      WITH expected AS (
        SELECT organization_id, received_at, sum(stored)::float8 AS stored FROM (
          SELECT organization_id, received_at, count(*) AS stored FROM events GROUP BY 1, 2
          UNION ALL
          SELECT organization_id, received_at, events FROM erased_receipts
        ) AS kept GROUP BY 1, 2
      ), found AS (
        SELECT organization_id, received_at, sum(stored)::float8 AS stored FROM ledger GROUP BY 1, 2
      )
      SELECT organization_id, received_at, coalesce(e.stored, 0) AS expected, coalesce(f.stored, 0) AS found
      FROM expected e FULL JOIN found f USING (organization_id, received_at)`);
  }

  rows(): AsyncGenerator<LedgerRow> {
    return this.snapshot.stream(`
      WITH dead AS (
        SELECT organization_id, batch_id, count(*)::float8 AS dead_letters FROM dead_letters GROUP BY 1, 2
      )
      SELECT organization_id, batch_id, received, stored, duplicate, dead_lettered,
             coalesce(dead_letters, 0) AS dead_letters
      FROM ledger FULL JOIN dead USING (organization_id, batch_id)`);
  }

  /** How many of the events that the ledger has as stored retention has deleted, by organization. */
  async goneEvents(): Promise<Map<string, number>> {
    const rows = this.snapshot.stream<{ organization_id: string; events: number }>(
      'SELECT organization_id, gone_events::float8 AS events FROM horizons WHERE gone_events <> 0',
    );
    const gone = new Map<string, number>();
    for await (const { organization_id, events } of rows) gone.set(organization_id, events);
    return gone;
  }
}
