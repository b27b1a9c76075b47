import { bucketBounds, localDate, shiftWindow, TooManyBuckets, windowStart } from '#rollups';
import { invalidQuery } from '../../../http/input/read-query.js';
import { isExpressible, type TimeRange } from '../../../http/input/time-range.js';

export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

const WINDOWS = { day: '1d', week: '1w', month: '1mo' } as const;
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

export interface PeriodRequest {
  readonly granularity: Granularity;
  /** IANA name. */
  readonly timeZone: string;
  /** Milliseconds since the epoch, half-open; absent: as many periods as usual, and until now. */
  readonly from?: number;
  readonly to?: number;
  /** Periods when `from` is absent, and the most that may be asked for. */
  readonly usual: number;
  readonly max: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The periods that contain a range. Pure.
 * @throws Problem 400 when there are too many, or none
 */
export function periodsOf(request: PeriodRequest): Periods {
  const { granularity, timeZone, now, usual } = request;
  const window = WINDOWS[granularity];
  const to = request.to ?? Math.max(now, request.from ?? now) + 1;
  const from =
    request.from ?? shiftWindow(windowStart(to - 1, window, timeZone), 1 - usual, window, timeZone);
  if (from >= to) throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
  const bounds = boundsOf({ from, to }, request);
  const dates = bounds.slice(0, -1).map((bound) => localDate(bound, timeZone));
  return { granularity, bounds, dates, isUtc: bounds.every((bound) => bound % DAY_MS === 0) };
}

function boundsOf(range: TimeRange, { granularity, timeZone, max }: PeriodRequest): number[] {
  let bounds: number[];
  try {
    bounds = bucketBounds({ ...range, window: WINDOWS[granularity], timeZone }, max);
  } catch (error) {
    if (!(error instanceof TooManyBuckets)) throw error;
    const message = `at most ${max} ${granularity}s: ask for a shorter range or longer periods`;
    throw invalidQuery([{ path: 'from', message }]);
  }
  if (bounds.every(isExpressible)) return bounds;
  const message = 'the range, widened to whole periods, must be in the years 0 to 9999';
  throw invalidQuery([{ path: 'to', message }]);
}
