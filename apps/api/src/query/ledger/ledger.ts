import type { LedgerMinute } from './ledger.read-model.js';
import type { QueuedBatch } from './queued-batches.js';

const MINUTE_MS = 60_000;

/** One minute of the ledger in API responses. */
export interface LedgerEntry extends LedgerMinute {
  readonly in_flight: number;
}

/**
 * Adds the batches in the queues to the ledger's minutes. A batch in the dead-letter queue counts as dead-lettered
 * until it is replayed. A batch that the ledger already has is counted only there. Pure.
 */
export function mergeLedger(
  minutes: readonly LedgerMinute[],
  inFlight: readonly QueuedBatch[],
  dead: readonly QueuedBatch[],
  settled: ReadonlySet<string>,
): LedgerEntry[] {
  const entries = new Map(
    minutes.map((minute) => [minute.minute.getTime(), { ...minute, in_flight: 0 }] as const),
  );
  const entryOf = (receivedAt: number) => {
    const time = Math.floor(receivedAt / MINUTE_MS) * MINUTE_MS;
    const entry = entries.get(time) ?? {
      minute: new Date(time),
      received: 0,
      stored: 0,
      duplicate: 0,
      dead_lettered: 0,
      in_flight: 0,
    };
    entries.set(time, entry);
    return entry;
  };
  const deadIds = new Set(dead.map((batch) => batch.batchId));
  const add = (batches: readonly QueuedBatch[], field: 'in_flight' | 'dead_lettered') => {
    for (const batch of batches) {
      if (settled.has(batch.batchId) || (field === 'in_flight' && deadIds.has(batch.batchId))) continue;
      const entry = entryOf(batch.receivedAt) as { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] };
      const erased = batch.erased ?? 0;
      entry.received += batch.count + erased;
      entry[field] += batch.count;
      entry.dead_lettered += erased;
    }
  };
  add(inFlight, 'in_flight');
  add(dead, 'dead_lettered');
  return [...entries.values()].sort((a, b) => a.minute.getTime() - b.minute.getTime());
}
