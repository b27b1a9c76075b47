import type { EncodedBatch } from '#batch';
import { failureKind } from '#database';
import { Duplicates, type UnderWay } from './dedup/duplicates.js';
import { findPoison } from './poison.js';
import type { BatchStore } from './rows/batch.store.js';
import { PendingBatch, SKIP } from './rows/pending-batch.js';
import { type DeadEvent, foldByOrganization } from './rows/transaction-rows.js';
import type { SeriesLimit } from './series/series-limit.js';

/** What one transaction did. */
export interface PersistCounts {
  readonly stored: number;
  readonly duplicate: number;
  readonly deadLettered: number;
  /** Batches that an earlier delivery had taken already. */
  readonly redelivered: number;
  /** Events among the stored ones that are counted under `__other__`, as their series were too many. */
  readonly others: number;
}

/** A race for the same events is lost at most once for each competitor; this many are a bug. */
const MAX_CONFLICTS = 20;

/**
 * Takes batches into the database, each event exactly once and each batch exactly once, whatever was
 * delivered before or is being delivered elsewhere at this moment.
 */
export class Persister {
  private readonly duplicates: Duplicates;
  private readonly underWay = new Set<UnderWay>();

  /** @param ensurePartitions called when a day's partition is missing, once for each transaction */
  constructor(
    private readonly store: BatchStore,
    private readonly limit: SeriesLimit,
    private readonly ensurePartitions: () => Promise<unknown>,
  ) {
    this.duplicates = new Duplicates(store);
  }

  /**
   * One transaction for all batches.
   * @throws transient errors and bugs; nothing is written then
   */
  async persist(encoded: readonly EncodedBatch[]): Promise<PersistCounts> {
    const earlier = [...this.underWay];
    const hashes = new Set<number>();
    const done = this.run(encoded, hashes, earlier);
    const own: UnderWay = { hashes, done };
    this.underWay.add(own);
    try {
      return await done;
    } finally {
      this.underWay.delete(own);
    }
  }

  private async run(
    encoded: readonly EncodedBatch[],
    hashes: Set<number>,
    earlier: readonly UnderWay[],
  ): Promise<PersistCounts> {
    let batches = distinct(encoded).map((batch) => new PendingBatch(batch));
    let dead: DeadEvent[] = [];
    let thorough = false;
    let ensured = false;
    for (let conflicts = 0; ; ) {
      if (thorough) batches = await this.notDone(batches);
      // Whoever took a batch has kept its dead letters, too.
      dead = dead.filter(({ batch }) => batches.includes(batch));
      try {
        await this.duplicates.mark(batches, hashes, earlier, thorough);
        const { deltas, others } = await this.limit.apply(foldByOrganization(batches));
        await this.store.insert(batches, deltas, dead);
        return { ...count(batches), redelivered: encoded.length - batches.length, others };
      } catch (error) {
        const kind = failureKind(error);
        if (kind === 'conflict' && ++conflicts < MAX_CONFLICTS) {
          this.duplicates.missed();
        } else if (kind === 'poison') {
          if (isMissingPartition(error) && !ensured) {
            await this.ensurePartitions();
            ensured = true;
            continue;
          }
          // Before looking for what is bad: what has been taken already needs no look.
          const found = thorough ? await findPoison(this.store, batches) : [];
          if (thorough && found.length === 0) throw error;
          dead = [...dead, ...found];
        } else {
          throw error;
        }
        thorough = true;
      }
    }
  }

  private async notDone(batches: readonly PendingBatch[]): Promise<PendingBatch[]> {
    const done = new Set(await this.store.findDone(batches));
    return batches.filter((_, b) => !done.has(b));
  }
}

/** A job that was taken for stalled may be delivered again to the process that still works on it. */
function distinct(batches: readonly EncodedBatch[]): EncodedBatch[] {
  return [...new Map(batches.map((batch) => [`${batch.organizationId} ${batch.batchId}`, batch])).values()];
}

function count(
  batches: readonly PendingBatch[],
): Pick<PersistCounts, 'stored' | 'duplicate' | 'deadLettered'> {
  const total = (kind: number) => batches.reduce((sum, batch) => sum + batch.skippedAs(kind), 0);
  return {
    stored: total(SKIP.no),
    duplicate: total(SKIP.duplicate),
    deadLettered: total(SKIP.dead),
  };
}

function isMissingPartition(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '23514' && /no partition of relation/.test(message ?? '');
}
