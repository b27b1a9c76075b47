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

  /** @param thorough ask about every event */
  async mark(batches: readonly PendingBatch[], thorough: boolean): Promise<void> {
    const keys = batches.map(eventKeys);
    const askAll = thorough || this.wary > 0;
    if (this.wary > 0) this.wary--;
    const suspects = batches.map((batch, b) => this.suspectsOf(batch, keys[b]!, askAll));
    markRepeats(batches, suspects);
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
 * Of events that stand several times in one transaction the first is kept. Only suspects can be
 * repetitions, as the first of them is remembered before the second is looked at; but the first need not
 * be a suspect, so every event of the suspects' hash values is compared.
 */
function markRepeats(batches: readonly PendingBatch[], suspects: readonly (readonly number[])[]): void {
  const suspectKeys = new Set(
    batches.flatMap((batch, b) => {
      const ids = suspects[b]!.length > 0 ? batch.strings('id') : [];
      return suspects[b]!.map((i) => identity(batch, ids[i]!, i));
    }),
  );
  if (suspectKeys.size === 0) return;
  const met = new Set<string>();
  for (const batch of batches) {
    const ids = batch.strings('id');
    for (let i = 0; i < batch.count; i++) {
      if (batch.skipped[i] !== SKIP.no) continue;
      const key = identity(batch, ids[i]!, i);
      if (!suspectKeys.has(key)) continue;
      if (met.has(key)) batch.skipped[i] = SKIP.duplicate;
      else met.add(key);
    }
  }
}

const identity = (batch: PendingBatch, id: string | null, i: number) =>
  `${batch.encoded.organizationId} ${batch.tsOf(i)} ${id}`;
