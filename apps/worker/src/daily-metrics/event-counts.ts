import type { LocalDay } from './local-days.js';

const DAY_MS = 86_400_000;
export const startOfUtcDay = (epochMs: number) => Math.floor(epochMs / DAY_MS) * DAY_MS;

/** Events of consecutive ranges. */
export interface CountedRanges {
  /** Start of each and end of the last, in milliseconds since the epoch. */
  readonly bounds: readonly number[];
  /** Events in each. */
  readonly counts: readonly number[];
}

/** Bounds of whole days in UTC. Pure. */
export function utcBounds(from: number, to: number): number[] {
  const bounds = [startOfUtcDay(from)];
  while (bounds.at(-1)! < to) bounds.push(bounds.at(-1)! + DAY_MS);
  return bounds;
}

/** Bounds of days of a time zone, and of the UTC days in which they begin. Pure. */
export const localBounds = (days: readonly LocalDay[]): number[] =>
  [...new Set(days.flatMap(({ from, to }) => [startOfUtcDay(from), from, to]))].sort((a, b) => a - b);

/** Events between two of the bounds. Pure. */
export const countBetween = ({ bounds, counts }: CountedRanges, from: number, to: number): number =>
  counts.reduce((sum, count, i) => (bounds[i]! >= from && bounds[i + 1]! <= to ? sum + count : sum), 0);
