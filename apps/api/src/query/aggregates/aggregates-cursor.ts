import type { SeriesPage, Statistic } from '#rollups';
import type { AggregatesQuery } from './aggregates.query.js';

/** Where a page ended: the range, which may depend on the time of the first page; the last group and its value. */
export type AggregatesCursor = readonly [from: number, to: number, key: string, value: number | null];

export const isAggregatesCursor = (value: readonly unknown[]): value is AggregatesCursor & unknown[] =>
  Number.isInteger(value[0]) &&
  Number.isInteger(value[1]) &&
  typeof value[2] === 'string' &&
  (value[3] === null || typeof value[3] === 'number');

/** The order of a query's series; nothing when they are ordered by group. */
export function seriesOrder({ order_by }: AggregatesQuery): Pick<SeriesPage, 'order'> {
  if (order_by === undefined) return {};
  const isDescending = order_by.startsWith('-');
  return { order: { statistic: order_by.slice(isDescending ? 1 : 0) as Statistic, isDescending } };
}
