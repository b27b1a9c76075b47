import type { Findings } from './findings.js';
import type { KeptDays } from './kept-days.js';
import type { LedgerRow, LedgerStore } from './ledger.store.js';

/**
 * Compares the ledger's `stored` with the events that exist.
 *
 * Retention drops days of events but not their ledger rows, and a batch may contain events of any day. So an
 * organization may miss up to as many events as were counted before the first kept day. Without dropped days every
 * row must match. More events than the ledger says are always a difference.
 */
export async function checkReceipts(
  store: LedgerStore,
  kept: KeptDays,
  windowSeconds: number,
  findings: Findings,
): Promise<void> {
  const dropped = Number.isFinite(kept.first)
    ? await store.countedBefore(new Date(kept.first), windowSeconds)
    : new Map<string, number>();
  const missing = new Map<string, number>();
  for await (const { organization_id, received_at, expected, found } of store.receiptPairs()) {
    if (found > expected && dropped.has(organization_id)) {
      missing.set(organization_id, (missing.get(organization_id) ?? 0) + found - expected);
      continue;
    }
    const place = `ledger ${organization_id} ${received_at.toISOString()}`;
    findings.compare(place, { stored: expected }, { stored: found });
  }
  for (const [organizationId, events] of missing) {
    const most = dropped.get(organizationId)!;
    if (events <= most) continue;
    const place = `ledger ${organizationId}`;
    findings.differ(place, 'events that are no longer there', `at most ${most} of dropped days`, events);
  }
}

/**
 * Checks that each ledger row adds up and matches its dead letters. Replayed and discarded dead letters are gone, so
 * there may be fewer than the ledger says, never more.
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
    if (handled > 0) findings.count('dead letters replayed or discarded (not compared)', handled);
  }
}

const outcomes = ({ stored, duplicate, dead_lettered }: LedgerRow) => stored! + duplicate! + dead_lettered!;
