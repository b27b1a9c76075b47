import { binValue } from './bins.js';

/** Figures that a quantile is found from. */
export interface Ranks {
  readonly count: number;
  /** Smallest value added; the estimate is never below. */
  readonly min: number;
  /** Largest value added; the estimate is never above. */
  readonly max: number;
}

/** Bins with their counts, smallest magnitudes first. */
export type SortedBins = readonly (readonly [bin: number, count: number])[];

export interface SortedCounts {
  readonly zeros: number;
  readonly positive: SortedBins;
  readonly negative: SortedBins;
}

/**
 * The value of nearest rank ⌈q·n⌉, within 1 %; null when nothing was counted.
 * @param sorted gives the counts; not called when the rank is an end, as most are with few values
 */
export function quantileOf(q: number, { count, min, max }: Ranks, sorted: () => SortedCounts): number | null {
  if (count === 0) return null;
  const rank = Math.max(1, Math.ceil(q * count));
  // The ends are known exactly.
  if (rank >= count) return max;
  if (rank === 1) return min;
  return Math.min(max, Math.max(min, valueAtRank(rank, sorted())));
}

function valueAtRank(rank: number, { zeros, positive, negative }: SortedCounts): number {
  let left = rank;
  for (let i = negative.length - 1; i >= 0; i--) {
    left -= negative[i]![1];
    if (left <= 0) return -binValue(negative[i]![0]);
  }
  left -= zeros;
  if (left <= 0) return 0;
  let last = 0;
  for (const [bin, count] of positive) {
    left -= count;
    last = binValue(bin);
    if (left <= 0) return last;
  }
  return last;
}
