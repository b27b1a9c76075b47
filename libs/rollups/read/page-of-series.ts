import type { AggregateQuestion, AggregateSeries, Figures } from './question.js';
import type { Statistic } from './statistic.js';

export interface SeriesOrder {
  readonly statistic: Statistic;
  readonly isDescending: boolean;
}

/** Where a page ended: the key of its last group and, when ordered, its value of the statistic. */
export type SeriesPosition = readonly [key: string, value: number | null];

/** Which of the series an answer contains. */
export interface SeriesPage {
  readonly limit: number;
  /** By a statistic of the whole (current) period; absent: by group. */
  readonly order?: SeriesOrder;
  readonly after: SeriesPosition | null;
  /** Adds the series of all groups that are not on the page; needs an order. */
  readonly rest: boolean;
}

/**
 * Picks a page. Pure.
 * @param series sorted by group
 * @returns at most `limit` series, and the position of the last one when there are more
 */
export function pageOfSeries(
  series: readonly AggregateSeries[],
  question: AggregateQuestion,
  { limit, order, after }: Omit<SeriesPage, 'rest'>,
): { series: AggregateSeries[]; next: SeriesPosition | null } {
  const position = positionIn(question, order);
  const compare = comparison(order);
  const sorted = order ? [...series].sort((a, b) => compare(position(a), position(b))) : series;
  const left = after ? sorted.filter((one) => compare(position(one), after) > 0) : sorted;
  const page = left.slice(0, limit);
  return { series: page, next: left.length > limit ? position(page.at(-1)!) : null };
}

/** Gives a series' position. */
function positionIn({ statistics }: AggregateQuestion, order: SeriesOrder | undefined) {
  const at = order ? statistics.indexOf(order.statistic) : -1;
  return ({ key, totals }: AggregateSeries): SeriesPosition => {
    const figures: Figures = totals.at(-1)!;
    return [key, figures[at] ?? null];
  };
}

/** Groups without a value come last; equal values are in the order of the groups. */
function comparison(order: SeriesOrder | undefined) {
  const sign = order?.isDescending ? -1 : 1;
  return ([keyA, a]: SeriesPosition, [keyB, b]: SeriesPosition): number => {
    const byKey = keyA < keyB ? -1 : Number(keyA > keyB);
    if (a === b) return byKey;
    if (a === null || b === null) return a === null ? 1 : -1;
    return sign * (a - b);
  };
}
