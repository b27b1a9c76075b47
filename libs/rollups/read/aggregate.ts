import type { WindowName } from '#config';
import { storedWindow } from '../buckets/buckets.js';
import { pageOfSeries, type SeriesPage, type SeriesPosition } from './page-of-series.js';
import { type AggregateQuestion, type AggregateSeries, REST_KEY, wholePeriods } from './question.js';
import { TooManyGroups } from './series-sums.js';

/** Reads the series of a question. */
export interface SeriesSource {
  /**
   * All series, sorted by group.
   * @throws TooManyGroups
   */
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
  if (question.groupBy.length > 0 && (page.order || page.after))
    return twoSteps(source, question, page, kept);
  try {
    const series = await source.series({ ...question, maxGroups: page.limit });
    return pageOfSeries(series, question, page);
  } catch (error) {
    if (!(error instanceof TooManyGroups)) throw error;
    return twoSteps(source, question, page, kept);
  }
}

/** First which groups, from the longest windows that will do; then the buckets of these groups only. */
async function twoSteps(
  source: SeriesSource,
  question: AggregateQuestion,
  page: SeriesPage,
  kept: readonly WindowName[],
): Promise<AggregatePage> {
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
