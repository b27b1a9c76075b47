import { type AggregateQuestion, type AggregateSeries, type Statistic, statisticOf } from '#rollups';
import { decodeCursor } from '../../http/input/cursor.js';
import { pageOf } from '../../http/input/page.js';

/** Which of the series an answer contains. */
export interface AggregatesPage {
  readonly statistics: readonly Statistic[];
  readonly limit: number;
  /** Key of the last group on the previous page; null for the first page. */
  readonly after: string | null;
}

/**
 * Renders one page of the answer to a question. Pure.
 * @param series everything found, sorted by group
 */
export function renderAggregates(
  question: AggregateQuestion,
  series: readonly AggregateSeries[],
  { statistics, limit, after }: AggregatesPage,
) {
  const rest = after === null ? series : series.filter((one) => groupKey(one) > after);
  const { data, next_cursor } = pageOf(rest, limit, (one) => [groupKey(one)]);
  return {
    type: question.type,
    measure: question.measure ?? null,
    window: question.window,
    from: new Date(question.from).toISOString(),
    to: new Date(question.to).toISOString(),
    source: question.userId === undefined ? 'rollups' : 'raw',
    series: data.map((one) => renderSeries(one, statistics)),
    next_cursor,
  };
}

/**
 * The `after` of a page.
 * @throws Problem 400 when the cursor does not belong to this list
 */
export const groupBefore = (cursor: string | undefined): string | null =>
  decodeCursor(cursor, isGroupKey)?.[0] ?? null;

function renderSeries({ group, points }: AggregateSeries, statistics: readonly Statistic[]) {
  return {
    group,
    points: points.map((point) => ({
      bucket: new Date(point.bucket).toISOString(),
      ...Object.fromEntries(statistics.map((statistic) => [statistic, statisticOf(point, statistic)])),
    })),
  };
}

const groupKey = ({ group }: AggregateSeries) => JSON.stringify(Object.values(group));
const isGroupKey = (value: readonly unknown[]): value is [string] => typeof value[0] === 'string';
