import { bucketBounds, localDate } from '#rollups';
import type { TimeRange } from './time-range.js';

export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** The window of each granularity. */
export const PERIOD_WINDOWS = { day: '1d', week: '1w', month: '1mo' } as const;
const DAY_MS = 86_400_000;

/** Consecutive days, weeks or months of a time zone. */
export interface Periods {
  readonly granularity: Granularity;
  /** Start of each and end of the last, in milliseconds since the epoch. */
  readonly bounds: readonly number[];
  /** Local dates on which they begin, `YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** They begin and end at midnight in UTC. */
  readonly isUtc: boolean;
}

/**
 * The periods that contain a range. Pure.
 * @param timeZone IANA name
 * @throws TooManyBuckets when there are more than `max`
 */
export function periodsWithin(
  range: TimeRange,
  granularity: Granularity,
  timeZone: string,
  max: number,
): Periods {
  const bounds = bucketBounds({ ...range, window: PERIOD_WINDOWS[granularity], timeZone }, max);
  const dates = bounds.slice(0, -1).map((bound) => localDate(bound, timeZone));
  return { granularity, bounds, dates, isUtc: bounds.every((bound) => bound % DAY_MS === 0) };
}
