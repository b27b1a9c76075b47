import type { EncodedBatch } from '#batch';
import { failureKind } from '#database';
import { Duplicates, type InFlight } from './dedup/duplicates.js';
import { findExpired } from './expired-events.js';
import { findPoison } from './poison.js';
import type { BatchStore } from './rows/batch.store.js';
import type { DeadEvent } from './rows/dead-letter-parameters.js';
import { foldByOrganization } from './rows/fold-by-organization.js';
import { type EventCounts, PendingBatch } from './rows/pending-batch.js';
import type { SeriesLimit } from './series/series-limit.js';

/** What one transaction did. */
export interface PersistCounts {
  readonly stored: number;
  readonly duplicate: number;
  readonly deadLettered: number;
  /** Batches that an earlier delivery had stored already. */
  readonly redelivered: number;
  /** Stored events counted under `__other__` because their type has too many series. */
  readonly others: number;
}

/** Each concurrent transaction can cause at most one conflict; this many are a bug. */
const MAX_CONFLICTS = 20;

/**
 * Stores batches: each event and each batch exactly once, even if they are delivered again or concurrently
 * elsewhere.
 */
export class Persister {
  private readonly duplicates: Duplicates;
  private readonly inFlight = new Set<InFlight>();

  /** @param ensurePartitions called when a day's partition is missing, at most once per transaction */
  constructor(
    private readonly store: BatchStore,
    private readonly limit: SeriesLimit,
    private readonly ensurePartitions: () => Promise<unknown>,
  ) {
    this.duplicates = new Duplicates(store);
  }

  /**
   * Stores all batches in one transaction.
   * @throws transient errors and bugs; nothing is written then
   */
  async persist(encoded: readonly EncodedBatch[]): Promise<PersistCounts> {
    const earlier = [...this.inFlight];
    const hashes = new Set<number>();
    const done = this.run(encoded, hashes, earlier);
    const own: InFlight = { hashes, done };
    this.inFlight.add(own);
    try {
      return await done;
    } finally {
      this.inFlight.delete(own);
    }
  }

  private async run(
    encoded: readonly EncodedBatch[],
    hashes: Set<number>,
    earlier: readonly InFlight[],
  ): Promise<PersistCounts> {
    let batches = distinct(encoded).map((batch) => new PendingBatch(batch));
    let dead: DeadEvent[] = [];
    let checkAll = false;
    let ensured = false;
    for (let conflicts = 0; ; ) {
      if (checkAll) batches = await this.notDone(batches);
      // The transaction that stored a batch has also stored its dead letters.
      dead = dead.filter(({ batch }) => batches.includes(batch));
      try {
        await this.duplicates.mark(batches, hashes, earlier, checkAll);
        const { deltas, others } = await this.limit.apply(foldByOrganization(batches));
        await this.store.insert(batches, deltas, dead);
        return { ...total(batches), redelivered: encoded.length - batches.length, others };
      } catch (error) {
        const kind = failureKind(error);
        if (kind === 'expired') {
          const found = await findExpired(this.store, batches);
          if (found.length === 0) throw error;
          dead = [...dead, ...found];
          continue;
        }
        if (kind === 'conflict' && ++conflicts < MAX_CONFLICTS) {
          this.duplicates.missed();
        } else if (kind === 'poison') {
          if (isMissingPartition(error) && !ensured) {
            await this.ensurePartitions();
            ensured = true;
            continue;
          }
          // Not on the first attempt: check for stored events before searching for bad ones.
          const found = checkAll ? await findPoison(this.store, batches) : [];
          if (checkAll && found.length === 0) throw error;
          dead = [...dead, ...found];
        } else {
          throw error;
        }
        checkAll = true;
      }
    }
  }

  private async notDone(batches: readonly PendingBatch[]): Promise<PendingBatch[]> {
    const done = new Set(await this.store.findDone(batches));
    return batches.filter((_, b) => !done.has(b));
  }
}

/** The queue may redeliver a stalled job to the process that still works on it. */
function distinct(batches: readonly EncodedBatch[]): EncodedBatch[] {
  return [...new Map(batches.map((batch) => [`${batch.organizationId} ${batch.batchId}`, batch])).values()];
}

function total(
  batches: readonly PendingBatch[],
): Pick<PersistCounts, 'stored' | 'duplicate' | 'deadLettered'> {
  const counts = batches.map((batch) => batch.counts());
  const sum = (name: keyof EventCounts) => counts.reduce((all, own) => all + own[name], 0);
  return { stored: sum('stored'), duplicate: sum('duplicate'), deadLettered: sum('dead') };
}

function isMissingPartition(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '23514' && /no partition of relation/.test(message ?? '');
}
