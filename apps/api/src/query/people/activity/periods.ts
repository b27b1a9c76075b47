import { bucketBounds, localDate, shiftWindow, TooManyBuckets, windowStart } from '#rollups';
import { invalidQuery } from '../../../http/input/read-query.js';
import { isExpressible, type TimeRange } from '../../../http/input/time-range.js';

export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

const WINDOWS = { day: '1d', week: '1w', month: '1mo' } as const;
const DAY_MS = 86_400_000;
/** Most periods whose users are read from raw events. */
const MAX_RAW = 110;

/** Consecutive days, weeks or months of a time zone. */
export interface Periods {
  readonly granularity: Granularity;
  /** Start of each and end of the last, in milliseconds since the epoch. */
  readonly bounds: readonly number[];
  /** Local dates on which they begin, `YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** They consist of days in UTC, which are counted. Of other days, raw events say who was active. */
  readonly isCounted: boolean;
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
  /** When the oldest raw events are from. */
  readonly keptSince: number;
}

/**
 * The periods that contain a range. Pure.
 * @throws Problem 400 when there are too many, or when raw events older than the kept ones would be needed
 */
export function periodsOf(request: PeriodRequest): Periods {
  const { granularity, timeZone, now, usual, keptSince } = request;
  const window = WINDOWS[granularity];
  const to = request.to ?? now + 1;
  const from =
    request.from ?? shiftWindow(windowStart(to - 1, window, timeZone), 1 - usual, window, timeZone);
  if (from >= to) throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
  let bounds = boundsOf({ from, to }, request);
  const isCounted = bounds.every((bound) => bound % DAY_MS === 0);
  if (!isCounted) {
    // Without `from`, only as far back as there are events.
    if (request.from === undefined)
      bounds = bounds.filter((bound, i) => bound >= keptSince || i >= bounds.length - 2);
    assertReadable(bounds, request);
  }
  return {
    granularity,
    bounds,
    isCounted,
    dates: bounds.slice(0, -1).map((bound) => localDate(bound, timeZone)),
  };
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
  throw invalidQuery([
    { path: 'to', message: 'the range, widened to whole periods, must end before the year 10000' },
  ]);
}

function assertReadable(bounds: readonly number[], { keptSince, timeZone }: PeriodRequest): void {
  const why = `days of ${timeZone} are not days in UTC, so their users are read from raw events`;
  if (bounds[0]! < keptSince) {
    const since = new Date(keptSince).toISOString();
    throw invalidQuery([
      { path: 'from', message: `${why}, which are kept since ${since}: start later, or take tz=UTC` },
    ]);
  }
  if (bounds.length - 1 > MAX_RAW) {
    throw invalidQuery([{ path: 'from', message: `${why}: at most ${MAX_RAW} periods, or take tz=UTC` }]);
  }
}

/** Whole days in UTC within a period, in milliseconds since the epoch, half-open. */
export interface Span extends TimeRange {
  readonly index: number;
}

/** What to read for some periods. */
export interface Parts {
  readonly spans: readonly Span[];
  /** Days in UTC that lie in two periods, as ranges in milliseconds since the epoch. */
  readonly edges: readonly TimeRange[];
}

/**
 * Divides periods into whole days in UTC and the days in between. The day in which the first period begins is read as a
 * whole: who was active before the period is not new in it.
 */
export function partsOf(bounds: readonly number[]): Parts {
  const last = bounds.at(-1)!;
  const spans = bounds
    .slice(0, -1)
    .map((start, index): Span => ({ index, from: ceilDay(start), to: floorDay(bounds[index + 1]!) }));
  const edges: { from: number; to: number }[] = [];
  for (const bound of bounds.filter((bound) => bound % DAY_MS !== 0)) {
    const edge = { from: floorDay(bound), to: Math.min(ceilDay(bound), last) };
    const previous = edges.at(-1);
    if (previous && edge.from <= previous.to) previous.to = edge.to;
    else edges.push(edge);
  }
  return { spans: spans.filter(({ from, to }) => from < to), edges };
}

/** Start of the day in UTC. */
export const floorDay = (epochMs: number) => Math.floor(epochMs / DAY_MS) * DAY_MS;
const ceilDay = (epochMs: number) => Math.ceil(epochMs / DAY_MS) * DAY_MS;
