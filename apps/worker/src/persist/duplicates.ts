import type { BatchStore } from './batch.store.js';
import { type EventKeys, eventKeys } from './event-keys.js';
import { type PendingBatch, SKIP } from './pending-batch.js';
import { RecentEvents } from './recent-events.js';

/** How many transactions look at every event after a hint was wrong. */
const WARY_TRANSACTIONS = 32;

/**
 * Marks events that are stored already, or stand twice in the same transaction.
 *
 * Asking PostgreSQL about every event costs 5 µs each, so only those are asked about that this process
 * has seen lately; what that misses, the primary key refuses, and then every event is asked about, for a
 * while.
 */
export class Duplicates {
  private readonly recent = new RecentEvents();
  private wary = 0;

  constructor(private readonly store: BatchStore) {}

  /** The insert found an event that the hint had not: another process stored it, or this one before it started. */
  missed(): void {
    this.wary = WARY_TRANSACTIONS;
  }

  /**
   * @param thorough ask about every event
   * @param settled resolves when the transactions that were under way are over: what a suspect repeats
   *   may be in one of them, and two transactions that wait for each other's events would deadlock
   */
  async mark(
    batches: readonly PendingBatch[],
    thorough: boolean,
    settled: () => Promise<void>,
  ): Promise<void> {
    const keys = batches.map(eventKeys);
    const askAll = thorough || this.wary > 0;
    if (this.wary > 0) this.wary--;
    const suspects = batches.map((batch, b) => this.suspectsOf(batch, keys[b]!, askAll));
    if (suspects.every((list) => list.length === 0)) return;
    markRepeats(batches, keys, suspects);
    await settled();
    const candidates = batches.map(
      (batch, b) => [batch, suspects[b]!.filter((i) => batch.skipped[i] === SKIP.no)] as const,
    );
    const flat = candidates.flatMap(([batch, events]) => events.map((i) => [batch, i] as const));
    for (const position of await this.store.findStored(candidates)) {
      const [batch, i] = flat[position]!;
      batch.skipped[i] = SKIP.duplicate;
    }
  }

  private suspectsOf(batch: PendingBatch, { h1, h2 }: EventKeys, askAll: boolean): number[] {
    const suspects: number[] = [];
    for (let i = 0; i < batch.count; i++) {
      const seen = this.recent.mightHold(h1[i]!, h2[i]!);
      if (!seen) this.recent.remember(h1[i]!, h2[i]!);
      if (seen || askAll) suspects.push(i);
    }
    return suspects;
  }
}

/**
 * Of events that stand several times in one transaction the first is kept. The second is always a
 * suspect, as the first was remembered before it was looked at; the first need not be one, so all events
 * with a suspect's hash are compared.
 */
function markRepeats(
  batches: readonly PendingBatch[],
  keys: readonly EventKeys[],
  suspects: readonly (readonly number[])[],
): void {
  const suspectHashes = new Set(suspects.flatMap((list, b) => list.map((i) => keys[b]!.h1[i]!)));
  const met = new Set<string>();
  batches.forEach((batch, b) => {
    const alike: number[] = [];
    for (let i = 0; i < batch.count; i++) {
      if (batch.skipped[i] === SKIP.no && suspectHashes.has(keys[b]!.h1[i]!)) alike.push(i);
    }
    batch.identities(alike).forEach((identity, position) => {
      if (met.has(identity)) batch.skipped[alike[position]!] = SKIP.duplicate;
      else met.add(identity);
    });
  });
}
