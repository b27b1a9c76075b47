import { type Granularity, PERIOD_WINDOWS, type Periods, periodsWithin } from '#people';
import { shiftWindow, TooManyBuckets, windowStart } from '#rollups';
import { invalidQuery } from '../../../http/input/read-query.js';
import { isExpressible, type TimeRange } from '../../../http/input/time-range.js';

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
  const window = PERIOD_WINDOWS[granularity];
  const to = request.to ?? Math.max(now, request.from ?? now) + 1;
  const from =
    request.from ?? shiftWindow(windowStart(to - 1, window, timeZone), 1 - usual, window, timeZone);
  if (from >= to) throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
  const periods = within({ from, to }, request);
  if (periods.bounds.every(isExpressible)) return periods;
  const message = 'the range, widened to whole periods, must be in the years 0 to 9999';
  throw invalidQuery([{ path: 'to', message }]);
}

function within(range: TimeRange, { granularity, timeZone, max }: PeriodRequest): Periods {
  try {
    return periodsWithin(range, granularity, timeZone, max);
  } catch (error) {
    if (!(error instanceof TooManyBuckets)) throw error;
    const message = `at most ${max} ${granularity}s: ask for a shorter range or longer periods`;
    throw invalidQuery([{ path: 'from', message }]);
  }
}
