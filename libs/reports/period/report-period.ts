import { localDate, shiftWindow, windowStart } from '#rollups';

/** Kinds of reports, by what a period is. */
export const REPORT_KINDS = ['weekly', 'monthly'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What an organization's calendar depends on. */
export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly firstWeekday: number;
}

/** The week or month of a report, and those before it. Instants in milliseconds since the epoch. */
export interface ReportPeriod {
  readonly kind: ReportKind;
  readonly timeZone: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Start of the period before, which ends at `from`. */
  readonly previous: number;
  /** Start of each day of the eight weeks before `from` and of the period, and its end. */
  readonly days: readonly number[];
}

/** Days before a period with which its days are compared: eight weeks. */
export const HISTORY_DAYS = 56;
const WEEK_DAYS = 7;

/**
 * The last period that has ended. Pure.
 * @param now milliseconds since the epoch
 */
export function lastPeriod(kind: ReportKind, now: number, calendar: Calendar): ReportPeriod {
  const current = startOfPeriod(kind, now, calendar);
  return periodFrom(kind, shifted(kind, current, -1, calendar), calendar);
}

/**
 * The period that begins on a local date; null when none begins on it. Pure.
 * @param date `YYYY-MM-DD`
 */
export function periodOn(kind: ReportKind, date: string, calendar: Calendar): ReportPeriod | null {
  // At noon in UTC most zones have this date; the others have a neighbour.
  const around = Date.parse(`${date}T12:00:00Z`);
  const starts = [-1, 0, 1].map((days) => startOfPeriod(kind, around + days * 86_400_000, calendar));
  const start = starts.find((one) => localDate(one, calendar.timeZone) === date);
  return start === undefined ? null : periodFrom(kind, start, calendar);
}

function periodFrom(kind: ReportKind, from: number, calendar: Calendar): ReportPeriod {
  const { timeZone } = calendar;
  const to = shifted(kind, from, 1, calendar);
  const days = [shiftWindow(from, -HISTORY_DAYS, '1d', timeZone)];
  while (days.at(-1)! < to) days.push(shiftWindow(days.at(-1)!, 1, '1d', timeZone));
  return { kind, timeZone, from, to, previous: shifted(kind, from, -1, calendar), days };
}

function startOfPeriod(kind: ReportKind, instant: number, { timeZone, firstWeekday }: Calendar): number {
  if (kind === 'monthly') return windowStart(instant, '1mo', timeZone);
  const day = windowStart(instant, '1d', timeZone);
  const weekday = new Date(`${localDate(day, timeZone)}T00:00:00Z`).getUTCDay();
  const since = (weekday - firstWeekday + 2 * WEEK_DAYS) % WEEK_DAYS;
  return since === 0 ? day : shiftWindow(day, -since, '1d', timeZone);
}

const shifted = (kind: ReportKind, start: number, count: number, { timeZone }: Calendar) =>
  kind === 'monthly'
    ? shiftWindow(start, count, '1mo', timeZone)
    : shiftWindow(start, count * WEEK_DAYS, '1d', timeZone);
