import type { IdentityHashes } from '#batch';
import type { BatchStore } from '../rows/batch.store.js';
import type { PendingBatch } from '../rows/pending-batch.js';
import { RecentEvents } from './recent-events.js';

/** A transaction in flight. */
export interface InFlight {
  /** First identity hashes of its events. */
  readonly hashes: ReadonlySet<number>;
  /** Settles when it ends. */
  readonly done: Promise<unknown>;
}

/** Transactions that check every event after the filter missed a duplicate. */
const CHECK_ALL_TRANSACTIONS = 32;

/**
 * Marks events that are already stored, or occur twice in the same transaction.
 *
 * Asking PostgreSQL about every event costs 5 µs each, so it asks only about suspects: events this process may
 * have seen lately. The database refuses the duplicates that this misses, by the primary key or, on a
 * closed day, a trigger; then every event is checked for a while.
 */
export class Duplicates {
  private readonly recent = new RecentEvents();
  private checkAllFor = 0;

  constructor(private readonly store: BatchStore) {}

  /** Call when the insert failed on a duplicate: another process stored it, or this one before a restart. */
  missed(): void {
    this.checkAllFor = CHECK_ALL_TRANSACTIONS;
  }

  /**
   * @param hashes receives the first identity hashes of the batches' events, before anything is awaited
   * @param earlier transactions already in flight. One that shares a suspect's hash is awaited first: the two
   *   could deadlock on each other's events. Awaiting all of them would leave one connection to process a
   *   backlog in which two of a hundred events are repeated.
   * @param checkAll treat every event as a suspect
   */
  async mark(
    batches: readonly PendingBatch[],
    hashes: Set<number>,
    earlier: readonly InFlight[],
    checkAll: boolean,
  ): Promise<void> {
    const identities = batches.map((batch) => batch.reader.identityHashes());
    for (const { h1 } of identities) for (const hash of h1) hashes.add(hash);
    const all = checkAll || this.checkAllFor > 0;
    if (this.checkAllFor > 0) this.checkAllFor--;
    const suspects = identities.map((own) => this.suspects(own, all));
    if (suspects.every((list) => list.length === 0)) return;
    const suspectHashes = new Set(suspects.flatMap((list, b) => list.map((i) => identities[b]!.h1[i]!)));
    markRepeats(batches, identities, suspectHashes);
    const sharing = earlier.filter((other) => sharesAny(other, suspectHashes));
    await Promise.allSettled(sharing.map(({ done }) => done));
    await this.markStored(batches, suspects);
  }

  private suspects({ h1, h2 }: IdentityHashes, all: boolean): number[] {
    const suspects: number[] = [];
    for (let i = 0; i < h1.length; i++) {
      const seen = this.recent.mightHold(h1[i]!, h2[i]!);
      if (!seen) this.recent.remember(h1[i]!, h2[i]!);
      if (seen || all) suspects.push(i);
    }
    return suspects;
  }

  private async markStored(
    batches: readonly PendingBatch[],
    suspects: readonly (readonly number[])[],
  ): Promise<void> {
    const candidates = batches.map((batch, b) => ({
      batch,
      events: suspects[b]!.filter((i) => !batch.isSkipped(i)),
    }));
    const positions = candidates.flatMap(({ batch, events }) => events.map((i) => [batch, i] as const));
    for (const position of await this.store.findStored(candidates)) {
      const [batch, i] = positions[position]!;
      batch.skip(i, 'duplicate');
    }
  }
}

function sharesAny({ hashes }: InFlight, suspects: ReadonlySet<number>): boolean {
  for (const hash of suspects) if (hashes.has(hash)) return true;
  return false;
}

/**
 * Keeps the first of events that occur several times in one transaction. The second is always a suspect, as the
 * first was remembered before it; the first need not be one, so all events with a suspect's hash are compared.
 */
function markRepeats(
  batches: readonly PendingBatch[],
  identities: readonly IdentityHashes[],
  suspectHashes: ReadonlySet<number>,
): void {
  const seen = new Set<string>();
  batches.forEach((batch, b) => {
    const candidates: number[] = [];
    for (let i = 0; i < batch.count; i++) {
      if (!batch.isSkipped(i) && suspectHashes.has(identities[b]!.h1[i]!)) candidates.push(i);
    }
    batch.reader.identities(candidates).forEach((identity, position) => {
      if (seen.has(identity)) batch.skip(candidates[position]!, 'duplicate');
      else seen.add(identity);
    });
  });
}
