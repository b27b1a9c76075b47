import {
  type AggregatePage,
  type AggregatePoint,
  type AggregateQuestion,
  type AggregateSeries,
  type Figures,
  STATISTICS,
  type Statistic,
} from '#rollups';
import { type AggregatesQuery, statisticsOf } from './aggregates.query.js';

/** Answer to an aggregates query. */
export type Aggregates = ReturnType<typeof renderAggregates>;

/**
 * Renders one page of the answer to a question. Pure.
 * @param goneBefore before which instant retention has deleted buckets; null: all are kept
 */
export function renderAggregates(
  query: AggregatesQuery,
  question: AggregateQuestion,
  page: AggregatePage,
  next_cursor: string | null,
  goneBefore: number | null,
) {
  const { own, before } = periodsOf(question);
  return {
    type: query.type,
    measure: query.measure ?? null,
    window: query.window,
    tz: query.tz,
    from: iso(own.bounds[0]!),
    to: iso(own.bounds.at(-1)!),
    source: question.userIds === undefined ? 'rollups' : 'raw',
    ...(goneBefore !== null && { gone_before: iso(goneBefore) }),
    ...(before && { previous: { from: iso(before.bounds[0]!), to: iso(before.bounds.at(-1)!) } }),
    series: seriesOf(query, question, page).map((series) => ({
      group: series.group,
      ...renderPeriod(query, series, own),
      ...(before && { previous: renderPeriod(query, series, before) }),
    })),
    next_cursor,
  };
}

/** Without groups, filled buckets are shown even when there are no events at all. */
function seriesOf(
  { fill }: AggregatesQuery,
  { groupBy, periods, statistics }: AggregateQuestion,
  { series }: AggregatePage,
): readonly AggregateSeries[] {
  if (series.length > 0 || groupBy.length > 0 || fill === 'none') return series;
  const nothing: Figures = statistics.map((statistic) => (statistic === 'count' ? 0 : null));
  return [{ key: '[]', group: {}, totals: Array<Figures>(periods).fill(nothing), points: [] }];
}

/** Buckets of one period within those of the question. */
interface Period {
  /** Position in the totals of a series. */
  readonly period: number;
  /** Index of its first bucket. */
  readonly first: number;
  readonly bounds: readonly number[];
  /** The bounds as text: all series share them. */
  readonly instants: readonly string[];
}

function periodsOf({ bounds, periods }: AggregateQuestion): { own: Period; before: Period | null } {
  const periodOf = (period: number, first: number, own: readonly number[]) => ({
    ...{ period, first, bounds: own, instants: own.map(iso) },
  });
  if (periods === 1) return { own: periodOf(0, 0, bounds), before: null };
  const middle = (bounds.length - 1) / 2;
  return {
    own: periodOf(1, middle, bounds.slice(middle)),
    before: periodOf(0, 0, bounds.slice(0, middle + 1)),
  };
}

function renderPeriod(query: AggregatesQuery, { totals, points }: AggregateSeries, period: Period) {
  const statistics = statisticsOf(query);
  return {
    total: withFigures({}, statistics, totals[period.period]!),
    points: pointsIn(query, points, period).map(({ index, figures }) =>
      withFigures({ bucket: period.instants[index]! }, statistics, figures),
    ),
  };
}

/** Adds figures by name. `Object.fromEntries`, a spread, and a date for each of 6,000 points took 6.7 ms instead of 0.5. */
function withFigures<T extends object>(target: T, statistics: readonly Statistic[], figures: Figures) {
  const named = target as T & Partial<Record<Statistic, number | null>>;
  for (let i = 0; i < statistics.length; i++) named[statistics[i]!] = figures[i]!;
  return named;
}

/** Points of a period, with the index in that period; buckets without events are filled if asked for. */
function pointsIn({ fill }: AggregatesQuery, points: readonly AggregatePoint[], period: Period) {
  const { first, bounds } = period;
  const buckets = bounds.length - 1;
  const own = points
    .filter(({ index }) => index >= first && index < first + buckets)
    .map(({ index, figures }) => ({ index: index - first, figures }));
  if (fill === 'none') return own;
  const byIndex = new Map(own.map((point) => [point.index, point]));
  const filled: Figures = STATISTICS.map(() => (fill === 'zero' ? 0 : null));
  return Array.from({ length: buckets }, (_, index) => byIndex.get(index) ?? { index, figures: filled });
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
