import type { WindowName } from '#config';
import { storedWindow } from '../buckets/buckets.js';
import { pageOfSeries, type SeriesPage, type SeriesPosition } from './page-of-series.js';
import { type AggregateQuestion, type AggregateSeries, REST_KEY, wholePeriods } from './question.js';

/** Reads the series of a question. */
export interface SeriesSource {
  /** All series, sorted by group. */
  series(question: AggregateQuestion): Promise<AggregateSeries[]>;
}

export interface AggregatePage {
  readonly series: readonly AggregateSeries[];
  /** Where the page ended; null on the last page. */
  readonly next: SeriesPosition | null;
}

/**
 * One page of the answer to a question.
 * @param kept the stored windows that may be read
 */
export async function aggregate(
  source: SeriesSource,
  question: AggregateQuestion,
  page: SeriesPage,
  kept: readonly WindowName[],
): Promise<AggregatePage> {
  const isPlain = page.order === undefined && page.after === null;
  if (question.groupBy.length === 0 || isPlain) {
    return pageOfSeries(await source.series(question), question, page);
  }
  // First which groups, from the longest windows that will do; then the buckets of these groups only.
  const { bounds } = wholePeriods(question, question.stored);
  const whole = wholePeriods(question, storedWindow(bounds, kept) ?? question.stored);
  const { series: best, next } = pageOfSeries(await source.series(whole), whole, page);
  const chosen = { keys: best.map(({ key }) => key), rest: page.rest };
  const found = await source.series({ ...question, chosen });
  const byKey = new Map(found.map((series) => [series.key, series]));
  const keys = page.rest ? [...chosen.keys, REST_KEY] : chosen.keys;
  const series = keys.flatMap((key) => byKey.get(key) ?? []);
  return { series, next: page.rest ? null : next };
}
