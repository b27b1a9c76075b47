import { Injectable } from '@nestjs/common';
import { dimensionValue, type EventType } from '#catalog';
import { Environment } from '#config';
import type { Principal } from '#identity';
import {
  type AggregateQuestion,
  type AggregateSeries,
  bucketStart,
  RawReadModel,
  RollupReadModel,
  type Statistic,
  statisticOf,
  WINDOW_SECONDS,
} from '#rollups';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { decodeCursor } from '../../http/input/cursor.js';
import { pageOf } from '../../http/input/page.js';
import { invalidQuery } from '../../http/input/read-query.js';
import { isExpressible, timeRange } from '../../http/input/time-range.js';
import type { ProblemError } from '../../http/problem.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';
import { AggregatesQuery } from './aggregates.query.js';

const DEFAULT_BUCKETS = 60;
const MAX_BUCKETS = 10_000;
const EVENT_STATISTICS: readonly Statistic[] = ['count'];
const MEASURE_STATISTICS: readonly Statistic[] = ['count', 'sum', 'avg', 'min', 'max'];

/** Answers questions about counts and measures by window. */
@Injectable()
export class AggregatesService {
  constructor(
    private readonly reads: TenantReads,
    private readonly environment: Environment,
    private readonly types: EventTypeRegistry,
  ) {}

  /** @throws Problem 400 naming every parameter that does not fit the event type */
  async aggregate(principal: Principal, query: AggregatesQuery, where: Record<string, string>, now: number) {
    if (!this.environment.AGGREGATION_WINDOWS.includes(query.window)) {
      const kept = this.environment.AGGREGATION_WINDOWS.join(', ');
      throw invalidQuery([{ path: 'window', message: `this server keeps the windows ${kept}` }]);
    }
    const types = await this.types.of(principal);
    const question = questionOf(query, where, types.get(query.type)?.type, now);
    const after = decodeCursor(query.cursor, isGroupKey);
    const series = await this.reads.run(principal.organizationId, (client) =>
      question.userId === undefined
        ? new RollupReadModel(client).aggregate(question)
        : new RawReadModel(client).aggregate(question),
    );
    const rest = after ? series.filter((one) => groupKey(one) > after[0]) : series;
    const page = pageOf(rest, query.limit, (one) => [groupKey(one)]);
    return {
      type: question.type,
      measure: question.measure ?? null,
      window: question.window,
      from: new Date(question.from).toISOString(),
      to: new Date(question.to).toISOString(),
      source: question.userId === undefined ? 'rollups' : 'raw',
      series: page.data.map((one) => rendered(one, statisticsOf(query))),
      next_cursor: page.next_cursor,
    };
  }
}

const groupKey = ({ group }: AggregateSeries) => JSON.stringify(Object.values(group));
const isGroupKey = (value: readonly unknown[]): value is [string] => typeof value[0] === 'string';

const statisticsOf = ({ stats, measure }: AggregatesQuery) =>
  stats ?? (measure === undefined ? EVENT_STATISTICS : MEASURE_STATISTICS);

function rendered({ group, points }: AggregateSeries, statistics: readonly Statistic[]) {
  return {
    group,
    points: points.map((point) => ({
      bucket: new Date(point.bucket).toISOString(),
      ...Object.fromEntries(statistics.map((statistic) => [statistic, statisticOf(point, statistic)])),
    })),
  };
}

function questionOf(
  query: AggregatesQuery,
  where: Record<string, string>,
  type: EventType | undefined,
  now: number,
): AggregateQuestion {
  const errors = type
    ? faultsOf(query, where, type)
    : [{ path: 'type', message: `there is no event type ${query.type}` }];
  if (errors.length > 0) throw invalidQuery(errors);
  const windowMs = WINDOW_SECONDS[query.window] * 1000;
  const nextBucket = floorTo(now, windowMs) + windowMs;
  const range = timeRange(query, { to: nextBucket, lengthMs: DEFAULT_BUCKETS * windowMs });
  // Whole buckets only: half a bucket's percentile is in no rollup.
  const from = floorTo(range.from, windowMs);
  const to = floorTo(range.to + windowMs - 1, windowMs);
  if (!isExpressible(from) || !isExpressible(to)) {
    throw invalidQuery([
      { path: 'to', message: 'in whole windows, the range must lie in years of four digits' },
    ]);
  }
  if ((to - from) / windowMs > MAX_BUCKETS) {
    throw invalidQuery([
      {
        path: 'from',
        message: `a query spans at most ${MAX_BUCKETS} buckets: ask for less or take a wider window`,
      },
    ]);
  }
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

const floorTo = (epochMs: number, windowMs: number) => bucketStart(epochMs / 1000, windowMs / 1000) * 1000;

function faultsOf(query: AggregatesQuery, where: Record<string, string>, type: EventType): ProblemError[] {
  const oneOf = (names: readonly string[]) =>
    names.length > 0 ? `must be one of ${names.join(', ')}` : 'does not apply: the type has none';
  const errors: ProblemError[] = [];
  if (query.measure !== undefined && !type.measures.includes(query.measure)) {
    errors.push({ path: 'measure', message: `measure ${oneOf(type.measures)}` });
  }
  for (const name of query.group_by.filter((name) => !type.dimensions.includes(name))) {
    errors.push({
      path: 'group_by',
      message: `${name} is no dimension of ${type.name}: it ${oneOf(type.dimensions)}`,
    });
  }
  for (const name of Object.keys(where).filter((name) => !type.dimensions.includes(name))) {
    errors.push({ path: `where[${name}]`, message: `the dimension ${oneOf(type.dimensions)}` });
  }
  if (query.measure === undefined && statisticsOf(query).some((statistic) => statistic !== 'count')) {
    errors.push({ path: 'stats', message: 'without a measure there is only count' });
  }
  return errors;
}
