import type { Findings } from './findings.js';
import type { LedgerRow, LedgerStore } from './ledger.store.js';

/**
 * Compares the ledger's `stored` with the events that exist.
 *
 * Retention deletes events but not their ledger rows, and a batch may contain events of any day. It counts what it
 * deletes: in all, an organization misses exactly so many. More events than the ledger says are always a difference.
 */
export async function checkReceipts(store: LedgerStore, findings: Findings): Promise<void> {
  const gone = await store.goneEvents();
  const missing = new Map<string, number>();
  for await (const { organization_id, received_at, expected, found } of store.receiptPairs()) {
    if (found > expected && gone.has(organization_id)) {
      missing.set(organization_id, (missing.get(organization_id) ?? 0) + found - expected);
      continue;
    }
    const place = `ledger ${organization_id} ${received_at.toISOString()}`;
    findings.compare(place, { stored: expected }, { stored: found });
  }
  for (const [organizationId, events] of gone) {
    findings.count('events that retention has deleted (only counted)', events);
    const place = `ledger ${organizationId}`;
    const deleted = missing.get(organizationId) ?? 0;
    findings.compare(place, { 'events that are gone': events }, { 'events that are gone': deleted });
  }
}

/**
 * Checks that each ledger row adds up and matches its dead letters. Replayed, discarded and expired dead letters are
 * gone, so there may be fewer than the ledger says, never more.
 */
export async function checkLedgerRows(store: LedgerStore, findings: Findings): Promise<void> {
  for await (const row of store.rows()) {
    const place = `ledger ${row.organization_id} batch ${row.batch_id}`;
    if (row.received === null) {
      findings.differ(place, 'row', `one for ${row.dead_letters} dead letters`, null);
      continue;
    }
    findings.count('ledger rows');
    findings.compare(place, { received: outcomes(row) }, { received: row.received });
    const handled = row.dead_lettered! - row.dead_letters;
    if (handled < 0) findings.differ(place, 'dead_lettered', row.dead_letters, row.dead_lettered);
    if (handled > 0) findings.count('dead letters replayed, discarded or expired (not compared)', handled);
  }
}

const outcomes = ({ stored, duplicate, dead_lettered }: LedgerRow) => stored! + duplicate! + dead_lettered!;
