/** Upper bounds of the buckets in which the API counts durations, in seconds. Longer ones are above all bounds. */
export const DURATION_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

/**
 * The bound below which at least this share of the requests stayed, in milliseconds; null: above all bounds. Pure.
 * @param upTo for each bound, the requests that took at most so long; the last number is that of all requests
 */
export function shareBelow(share: number, upTo: readonly number[]): number | null {
  const wanted = share * upTo.at(-1)!;
  const bound = DURATION_BOUNDS.find((_, i) => upTo[i]! >= wanted);
  return bound === undefined ? null : bound * 1000;
}
