import type { Series, SessionFact } from '#batch';

/** The columns of one batch that counting needs. */
export interface FoldInput {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly ts: ArrayLike<number>;
  readonly userIds: readonly (string | null)[];
  readonly sessionIds: readonly (string | null)[];
  readonly series: readonly Series[];
  /** Index into `series` for each event. */
  readonly seriesIndexes: ArrayLike<number>;
  /** For each event, one value per measure of its series; NaN where the event has none. */
  readonly values: ArrayLike<number>;
  /** By index of the event. */
  readonly sessionFacts: ReadonlyMap<number, SessionFact>;
  /** Non-zero for each event that this transaction did not insert and must not count. */
  readonly skipped: ArrayLike<number>;
}
