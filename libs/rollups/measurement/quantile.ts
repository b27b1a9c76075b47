import { binValue } from './bins.js';

/** Counts by bin, of which a quantile is found. */
export interface RankedCounts {
  readonly zeros: number;
  /** Events in bins of negative and of positive values. */
  readonly negatives: number;
  readonly positives: number;
  /** The bin of the value of a rank among the negative values, smallest (most negative) first. */
  negativeBin(rank: number): number;
  /** The bin of the value of a rank among the positive values, smallest first. */
  positiveBin(rank: number): number;
}

/**
 * The value of nearest rank ⌈q·n⌉, within 1 %; null when nothing was counted.
 * @param min smallest value counted; the estimate is never below
 * @param max largest value counted; the estimate is never above
 */
export function quantileOf(q: number, counts: RankedCounts, min: number, max: number): number | null {
  const { zeros, negatives, positives } = counts;
  const count = zeros + negatives + positives;
  if (count === 0) return null;
  const rank = Math.max(1, Math.ceil(q * count));
  // The ends are known exactly; with few values most ranks are ends.
  if (rank >= count) return max;
  if (rank === 1) return min;
  return Math.min(max, Math.max(min, valueAtRank(rank, counts)));
}

function valueAtRank(rank: number, counts: RankedCounts): number {
  const { negatives, zeros } = counts;
  if (rank <= negatives) return -binValue(counts.negativeBin(rank));
  if (rank <= negatives + zeros) return 0;
  return binValue(counts.positiveBin(rank - negatives - zeros));
}
