/**
 * Relative accuracy of the quantiles. The documented accuracy is 1 %; the margin covers the difference
 * between definitions of a quantile on few values.
 */
const ACCURACY = 0.008;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
/** Width of a bin: the difference of the logarithms of its bounds. */
export const GAMMA_LOG = Math.log(GAMMA);
/** Magnitudes under this count as zero. */
export const SMALLEST = 1e-9;

/** Counts of values of one sign, by logarithmic bin of their magnitude. */
export type Bins = Map<number, number>;

/** The bin of a magnitude above zero. */
export const binOf = (magnitude: number) => Math.ceil(Math.log(magnitude) / GAMMA_LOG);

/** The representative magnitude of a bin, at the same relative distance from both bounds. */
export const binValue = (bin: number) => (2 * GAMMA ** bin) / (GAMMA + 1);

/** Adds the counts of `source`, or subtracts them. */
export function addBins(target: Bins, source: Bins, times: 1 | -1 = 1): void {
  for (const [bin, count] of source) target.set(bin, (target.get(bin) ?? 0) + times * count);
}

export function totalOf(bins: Bins): number {
  let sum = 0;
  for (const count of bins.values()) sum += count;
  return sum;
}

/** Bins with their counts, smallest magnitudes first. */
export const sortedBins = (bins: Bins) => [...bins].sort((a, b) => a[0] - b[0]);

/** bin, count, bin, count… `[...bins].flat()` takes ten times as long, and a batch has hundreds of sketches. */
export function flattenBins(bins: Bins): number[] {
  const list: number[] = [];
  bins.forEach((count, bin) => {
    list.push(bin, count);
  });
  return list;
}

/** The inverse of `flattenBins`. */
export function binsFrom(list: readonly number[]): Bins {
  const bins: Bins = new Map();
  for (let i = 0; i < list.length; i += 2) bins.set(list[i]!, list[i + 1]!);
  return bins;
}
