import { dimensionValue, type EventType } from '#catalog';
import { type AggregateQuestion, bucketStart, WINDOW_SECONDS } from '#rollups';
import { invalidQuery } from '../../http/input/read-query.js';
import { isExpressible, type TimeRange, timeRange } from '../../http/input/time-range.js';
import type { ProblemError } from '../../http/problem.js';
import { type AggregatesQuery, statisticsOf } from './aggregates.query.js';

const DEFAULT_BUCKETS = 60;
const MAX_BUCKETS = 10_000;

/**
 * Turns the parameters of a request into a query of the read models. Pure.
 *
 * @param where dimension → required value, as in `where[dimension]=value`
 * @param type the event type of the query; undefined when it does not exist
 * @param now milliseconds since the epoch
 * @throws Problem 400 `invalid_query` naming every parameter that does not fit the event type
 */
export function aggregateQuestion(
  query: AggregatesQuery,
  where: Readonly<Record<string, string>>,
  type: EventType | undefined,
  now: number,
): AggregateQuestion {
  const errors = type
    ? errorsIn(query, where, type)
    : [{ path: 'type', message: `unknown event type ${query.type}` }];
  if (errors.length > 0) throw invalidQuery(errors);
  const { from, to } = wholeBuckets(query, now);
  return {
    type: query.type,
    window: query.window,
    from,
    to,
    groupBy: query.group_by,
    where: Object.fromEntries(Object.entries(where).map(([name, value]) => [name, dimensionValue(value)!])),
    ...(query.measure === undefined ? {} : { measure: query.measure }),
    ...(query.user_id === undefined ? {} : { userId: query.user_id }),
  };
}

function errorsIn(
  query: AggregatesQuery,
  where: Readonly<Record<string, string>>,
  type: EventType,
): ProblemError[] {
  const oneOf = (names: readonly string[]) =>
    names.length > 0 ? `must be one of ${names.join(', ')}` : 'does not apply: the type has none';
  const errors: ProblemError[] = [];
  if (query.measure !== undefined && !type.measures.includes(query.measure)) {
    errors.push({ path: 'measure', message: `measure ${oneOf(type.measures)}` });
  }
  for (const name of query.group_by.filter((name) => !type.dimensions.includes(name))) {
    errors.push({
      path: 'group_by',
      message: `${name} is not a dimension of ${type.name}: it ${oneOf(type.dimensions)}`,
    });
  }
  for (const name of Object.keys(where).filter((name) => !type.dimensions.includes(name))) {
    errors.push({ path: `where[${name}]`, message: `the dimension ${oneOf(type.dimensions)}` });
  }
  if (query.measure === undefined && statisticsOf(query).some((statistic) => statistic !== 'count')) {
    errors.push({ path: 'stats', message: 'without a measure the only statistic is count' });
  }
  return errors;
}

/** The query's range widened to whole buckets, because no rollup has the percentile of half a bucket. */
function wholeBuckets(query: AggregatesQuery, now: number): TimeRange {
  const windowMs = WINDOW_SECONDS[query.window] * 1000;
  const nextBucket = floorTo(now, windowMs) + windowMs;
  const range = timeRange(query, { to: nextBucket, lengthMs: DEFAULT_BUCKETS * windowMs });
  const from = floorTo(range.from, windowMs);
  const to = floorTo(range.to + windowMs - 1, windowMs);
  if (!isExpressible(from) || !isExpressible(to)) {
    throw invalidQuery([
      { path: 'to', message: 'the range, widened to whole windows, must end before the year 10000' },
    ]);
  }
  if ((to - from) / windowMs > MAX_BUCKETS) {
    const message = `a query spans at most ${MAX_BUCKETS} buckets: ask for less or take a wider window`;
    throw invalidQuery([{ path: 'from', message }]);
  }
  return { from, to };
}

const floorTo = (epochMs: number, windowMs: number) => bucketStart(epochMs / 1000, windowMs / 1000) * 1000;
