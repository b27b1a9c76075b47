import type { EventType } from '#catalog';
import type { WindowName } from '#config';
import {
  type AggregateQuestion,
  boundsBefore,
  bucketBounds,
  type Statistic,
  shiftWindow,
  storedWindow,
  TooManyBuckets,
  windowStart,
} from '#rollups';
import { invalidQuery } from '../../http/input/read-query.js';
import { isExpressible, type TimeRange, timeRange } from '../../http/input/time-range.js';
import { type AggregatesQuery, statisticsOf } from './aggregates.query.js';

const DEFAULT_BUCKETS = 60;
const MAX_BUCKETS = 10_000;

/** What a question depends on beside the request. */
export interface QuestionContext {
  readonly type: EventType;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Windows that may be read. */
  readonly kept: readonly WindowName[];
  /** The range of the page before; absent: the range of the request. */
  readonly range?: TimeRange | undefined;
}

/**
 * Turns a query that fits its event type into a question to the read models. Pure.
 * @throws Problem 400 when the range cannot be answered
 */
export function aggregateQuestion(query: AggregatesQuery, context: QuestionContext): AggregateQuestion {
  const own = boundsOf(query, context.range ?? rangeOf(query, context.now));
  const { window, tz } = query;
  const before = query.compare ? boundsBefore(own, window, tz) : [];
  const bounds = [...before.slice(0, -1), ...own];
  return {
    types: [query.type],
    bounds,
    periods: query.compare ? 2 : 1,
    stored: storedFor(bounds, query, context.kept),
    groupBy: query.group_by,
    where: query.where,
    statistics: neededStatistics(query),
    ...(query.measure === undefined ? {} : { measure: query.measure }),
    ...(query.user_id === undefined ? {} : { userIds: [query.user_id] }),
  };
}

/** The statistics of the answer, and the one that series are ordered by. */
function neededStatistics(query: AggregatesQuery): readonly Statistic[] {
  const asked = statisticsOf(query);
  const order = query.order_by?.replace('-', '') as Statistic | undefined;
  return order === undefined || asked.includes(order) ? asked : [...asked, order];
}

function rangeOf(query: AggregatesQuery, now: number): TimeRange {
  const { window, tz } = query;
  const shifted = (instant: number, count: number) =>
    shiftWindow(windowStart(instant, window, tz), count, window, tz);
  return timeRange(query, { to: shifted(now, 1), from: (to) => shifted(to, -DEFAULT_BUCKETS) });
}

/** The range widened to whole buckets, because no rollup has the percentile of half a bucket. */
function boundsOf({ window, tz }: AggregatesQuery, range: TimeRange): number[] {
  let bounds: number[];
  try {
    bounds = bucketBounds({ ...range, window, timeZone: tz }, MAX_BUCKETS);
  } catch (error) {
    if (!(error instanceof TooManyBuckets)) throw error;
    const message = `a query spans at most ${MAX_BUCKETS} buckets: ask for a shorter range or take a longer window`;
    throw invalidQuery([{ path: 'from', message }]);
  }
  if (bounds.every(isExpressible)) return bounds;
  throw invalidQuery([
    { path: 'to', message: 'the range, widened to whole windows, must end before the year 10000' },
  ]);
}

function storedFor(
  bounds: readonly number[],
  { tz }: AggregatesQuery,
  kept: readonly WindowName[],
): WindowName {
  const stored = storedWindow(bounds, kept);
  if (stored) return stored;
  const message = `this server keeps the windows ${kept.join(', ')}, and none of them fits the days of ${tz}`;
  throw invalidQuery([{ path: 'tz', message }]);
}
