import type { BatchStore } from '../rows/batch.store.js';
import { type PendingBatch, SKIP } from '../rows/pending-batch.js';
import { type EventKeys, eventKeys } from './event-keys.js';
import { RecentEvents } from './recent-events.js';

/** A transaction under way. */
export interface UnderWay {
  /** First hashes of the keys of its events. */
  readonly hashes: ReadonlySet<number>;
  /** Settles when it is over. */
  readonly done: Promise<unknown>;
}

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
   * @param own takes the first hashes of the batches' events, before anything is awaited
   * @param earlier transactions that were under way before. What a suspect repeats may be in one of them:
   *   such a one is waited for, as two that wait for each other's events would deadlock. Waiting for all of
   *   them, a backlog in which two of a hundred events are repeated was worked off by one connection alone.
   * @param thorough ask about every event
   */
  async mark(
    batches: readonly PendingBatch[],
    own: Set<number>,
    earlier: readonly UnderWay[],
    thorough: boolean,
  ): Promise<void> {
    const keys = batches.map(eventKeys);
    for (const { h1 } of keys) for (const hash of h1) own.add(hash);
    const askAll = thorough || this.wary > 0;
    if (this.wary > 0) this.wary--;
    const suspects = batches.map((batch, b) => this.suspectsOf(batch, keys[b]!, askAll));
    if (suspects.every((list) => list.length === 0)) return;
    const suspectHashes = new Set(suspects.flatMap((list, b) => list.map((i) => keys[b]!.h1[i]!)));
    markRepeats(batches, keys, suspectHashes);
    await Promise.allSettled(earlier.filter((other) => share(other, suspectHashes)).map(({ done }) => done));
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

function share({ hashes }: UnderWay, suspects: ReadonlySet<number>): boolean {
  for (const hash of suspects) if (hashes.has(hash)) return true;
  return false;
}

/**
 * Of events that stand several times in one transaction the first is kept. The second is always a
 * suspect, as the first was remembered before it was looked at; the first need not be one, so all events
 * with a suspect's hash are compared.
 */
function markRepeats(
  batches: readonly PendingBatch[],
  keys: readonly EventKeys[],
  suspectHashes: ReadonlySet<number>,
): void {
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
