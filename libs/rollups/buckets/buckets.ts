import type { WindowName } from '#config';
import { WINDOW_SECONDS } from '../delta/windows.js';
import { type QueryWindow, shiftWindow, windowStart } from './query-window.js';

const DAY_MS = 86_400_000;
const LEAST_MS = { '1w': 7 * DAY_MS, '1mo': 28 * DAY_MS } as const;

/** Least length of a window, apart from changes of the clock. */
const leastLengthMs = (window: QueryWindow) =>
  window === '1w' || window === '1mo' ? LEAST_MS[window] : WINDOW_SECONDS[window] * 1000;

/** The range would have more buckets than allowed. */
export class TooManyBuckets extends Error {}

export interface BucketRange {
  /** Milliseconds since the epoch, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly window: QueryWindow;
  /** IANA name. */
  readonly timeZone: string;
}

/**
 * Bounds of the buckets that contain a range: the start of each, and the end of the last.
 * @throws TooManyBuckets when there are more than `max`
 */
export function bucketBounds({ from, to, window, timeZone }: BucketRange, max: number): number[] {
  if ((to - from) / leastLengthMs(window) > max + 1) throw new TooManyBuckets();
  const bounds = [windowStart(from, window, timeZone)];
  for (let end = bounds[0]!; end < to; bounds.push(end)) end = shiftWindow(end, 1, window, timeZone);
  if (bounds.length - 1 > max) throw new TooManyBuckets();
  return bounds;
}

/** Bounds of as many buckets right before those given, ending where they begin. */
export function boundsBefore(bounds: readonly number[], window: QueryWindow, timeZone: string): number[] {
  const before = [bounds[0]!];
  for (let i = 1; i < bounds.length; i++) before.push(shiftWindow(before.at(-1)!, -1, window, timeZone));
  return before.reverse();
}

/**
 * The longest of the kept windows of which all buckets are made.
 * @returns undefined when there is none
 */
export function storedWindow(bounds: readonly number[], kept: readonly WindowName[]): WindowName | undefined {
  return [...kept]
    .sort((a, b) => WINDOW_SECONDS[b] - WINDOW_SECONDS[a])
    .find((window) => bounds.every((bound) => bound % (WINDOW_SECONDS[window] * 1000) === 0));
}

/** Index of the bucket that contains an instant; -1 before the first, `bounds.length - 1` after the last. */
export function bucketIndex(bounds: readonly number[], epochMs: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= epochMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
