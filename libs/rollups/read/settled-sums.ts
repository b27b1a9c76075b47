import { LRUCache } from 'lru-cache';
import type { AggregateQuestion } from './question.js';
import type { SeriesSums } from './series-sums.js';

/** Points and series in memory; a point takes about a hundred bytes. */
const MAX_SIZE = 100_000;
/** Longer questions have long keys. */
const MAX_BUCKETS = 2_000;
/** Milliseconds. Whatever else changes rollups shows after that. */
const TTL_MS = 60_000;

/** Ids of pending deltas, by type. */
export type PendingIds = ReadonlyMap<string, ReadonlySet<number>>;

/** The sums of all buckets but the open ones, from rollups alone. */
export interface SettledSums {
  readonly sums: SeriesSums;
  /** Indexes of the buckets to which deltas were pending, and of the last one. */
  readonly open: ReadonlySet<number>;
  /** What was pending when they were read. */
  readonly pending: PendingIds;
}

/**
 * Remembers what rollups add up to until the next compaction. Compaction takes the oldest deltas, so while those that were
 * pending still are, no rollups have changed.
 */
export class SettledSumsMemory {
  private readonly known = new LRUCache<string, SettledSums>({
    maxSize: MAX_SIZE,
    ttl: TTL_MS,
    sizeCalculation: ({ sums }) => Math.max(1, sums.size),
  });

  /**
   * @param pending what is pending now
   * @param touched indexes of buckets to which deltas are pending now
   */
  get(
    organizationId: string,
    question: AggregateQuestion,
    pending: PendingIds,
    touched: Iterable<number>,
  ): SettledSums | undefined {
    const settled = this.known.get(keyOf(organizationId, question));
    if (!settled || !isPending(settled.pending, pending)) return undefined;
    for (const index of touched) if (!settled.open.has(index)) return undefined;
    return settled;
  }

  /**
   * Whether such sums may be remembered: without pending deltas, nothing would tell of a compaction, and what is open has to
   * be a small part, because all between its buckets is read again.
   */
  accepts(question: AggregateQuestion, pending: PendingIds, open: ReadonlySet<number>): boolean {
    const buckets = question.bounds.length - 1;
    const span = Math.max(...open) - Math.min(...open) + 1;
    return (
      buckets <= MAX_BUCKETS && span <= buckets / 2 && question.types.every((type) => pending.get(type)?.size)
    );
  }

  set(organizationId: string, question: AggregateQuestion, settled: SettledSums): void {
    this.known.set(keyOf(organizationId, question), settled);
  }
}

const keyOf = (organizationId: string, question: AggregateQuestion) =>
  JSON.stringify([organizationId, question]);

const isPending = (before: PendingIds, now: PendingIds) =>
  [...before].every(([type, ids]) => {
    const own = now.get(type);
    return own !== undefined && [...ids].every((id) => own.has(id));
  });
