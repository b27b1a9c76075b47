import { AGGREGATION_WINDOWS } from '#config';
import { MAX_VALUES, type Part, questionOf, type Snapshot, scopeOf } from '#people';
import { aggregate } from '#rollups';
import type { LocalDay } from './local-days.js';
import { type Metric, total } from './metric.js';

/** What is computed of a day as one statistic. */
export interface ValueQuestion {
  readonly name: string;
  /** With one statistic and no groups. */
  readonly part: Part;
  /** By which it is computed beside its total. */
  readonly dimension: string | undefined;
  /** The total of a day with no such value; null: no row. */
  readonly nothing: number | null;
}

/** A statistic of a day, and by the values of its dimension that have the most. */
export async function valueMetrics(
  { rollups }: Snapshot,
  { from, to }: LocalDay,
  { name, part, dimension, nothing }: ValueQuestion,
): Promise<Metric[]> {
  const scope = scopeOf([from, to]);
  const [series] = await rollups.series(questionOf(scope, part));
  const value = series?.totals[0]?.[0] ?? nothing;
  const totals = value === null ? [] : [total(name, value)];
  if (dimension === undefined) return totals;
  const order = { statistic: part.statistics[0]!, isDescending: true };
  const found = await aggregate(
    rollups,
    questionOf(scope, { ...part, groupBy: [dimension] }),
    { limit: MAX_VALUES, order, after: null, rest: true },
    AGGREGATION_WINDOWS,
  );
  return [
    ...totals,
    ...found.series.flatMap(({ group, totals: [figures] }) =>
      typeof figures?.[0] === 'number' ? [{ name, dimensions: group, value: figures[0] }] : [],
    ),
  ];
}
