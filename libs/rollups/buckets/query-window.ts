import { AGGREGATION_WINDOWS } from '#config';
import { WINDOW_SECONDS } from '../delta/windows.js';
import { offsetAt, shift, startOf } from './local-time.js';

/** Windows that queries may use. Weeks begin on Monday. */
export const QUERY_WINDOWS = [...AGGREGATION_WINDOWS, '1w', '1mo'] as const;
export type QueryWindow = (typeof QUERY_WINDOWS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CALENDAR_UNITS = { '1d': 'day', '1w': 'week', '1mo': 'month' } as const;
/** Length without a change of the clock. */
const USUAL_MS = { '1d': DAY_MS, '1w': 7 * DAY_MS } as const;

const isCalendar = (window: QueryWindow): window is keyof typeof CALENDAR_UNITS => window in CALENDAR_UNITS;

const lengthMs = (window: Exclude<QueryWindow, '1w' | '1mo'>) => WINDOW_SECONDS[window] * 1000;

/**
 * Start of the window that contains an instant. Days, weeks and months are those of the zone; hours begin on its
 * full hours; shorter windows are the same in every zone. Instants in milliseconds since the epoch.
 */
export function windowStart(epochMs: number, window: QueryWindow, timeZone: string): number {
  if (isCalendar(window)) return startOf(epochMs, CALENDAR_UNITS[window], timeZone);
  const length = lengthMs(window);
  const offset = offsetAt(epochMs, timeZone);
  return Math.floor((epochMs + offset) / length) * length - offset;
}

/** Start of the window `count` after the one that begins at `start`; negative: before. */
export function shiftWindow(start: number, count: number, window: QueryWindow, timeZone: string): number {
  if (isCalendar(window)) {
    return (
      usualShift(start, count, window, timeZone) ?? shift(start, count, CALENDAR_UNITS[window], timeZone)
    );
  }
  const shifted = start + count * lengthMs(window);
  // After a change of half an hour, windows begin on the new full hours.
  const aligned = windowStart(shifted, window, timeZone);
  return aligned > start || count < 0 ? aligned : shifted;
}

/** As `shiftWindow`, when the clock is not changed meanwhile: 3 µs instead of 130. */
function usualShift(start: number, count: number, window: keyof typeof CALENDAR_UNITS, timeZone: string) {
  if (window === '1mo') return undefined;
  const shifted = start + count * USUAL_MS[window];
  const offset = offsetAt(start, timeZone);
  const isMidnight = (start + offset) % DAY_MS === 0;
  // Where clocks were set back at midnight, it may be the second one of that day.
  const isFirst = offsetAt(shifted - HOUR_MS, timeZone) === offset;
  return isMidnight && isFirst && offsetAt(shifted, timeZone) === offset ? shifted : undefined;
}
