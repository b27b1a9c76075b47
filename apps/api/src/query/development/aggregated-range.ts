import { shiftWindow, windowStart } from '#rollups';
import type { TimeRange } from '../../http/input/time-range.js';
import { dateRange } from './date-range.js';
import type { AggregatedQuery } from './development.query.js';

const DAY_MS = 86_400_000;

/**
 * The buckets of one page, and of those that follow. Pure.
 * @param cursor what was left after the page before; null on the first page
 * @param now milliseconds since the epoch
 */
export function aggregatedRange(
  query: AggregatedQuery,
  cursor: readonly [from: number, to: number] | null,
  now: number,
): { readonly page: TimeRange; readonly next: TimeRange | null } {
  const { aggregation_window: window, limit } = query;
  const end = shiftWindow(windowStart(now, window, 'UTC'), 1, window, 'UTC');
  const range = cursor ? { from: cursor[0], to: cursor[1] } : dateRange(query, { to: end, lengthMs: DAY_MS });
  const middle = shiftWindow(windowStart(range.from, window, 'UTC'), limit, window, 'UTC');
  return middle >= range.to
    ? { page: range, next: null }
    : { page: { from: range.from, to: middle }, next: { from: middle, to: range.to } };
}
