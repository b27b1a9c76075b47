import type { OrganizationSettings } from '#identity';
import { lastPeriod, periodOn, type ReportKind, type ReportPeriod } from '#reports';
import { invalidBody } from '../http/input/read-body.js';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/**
 * The period of a report that is asked for. Pure.
 * @param date its first day; absent: the last period that has ended
 * @param now milliseconds since the epoch
 * @throws Problem 400 when no period begins on the date, or it has not ended
 */
export function requestedPeriod(
  kind: ReportKind,
  date: string | undefined,
  { time_zone: timeZone = 'UTC', first_weekday: firstWeekday = 1 }: OrganizationSettings,
  now: number,
): ReportPeriod {
  const calendar = { timeZone, firstWeekday };
  if (date === undefined) return lastPeriod(kind, now, calendar);
  const period = periodOn(kind, date, calendar);
  const [path, unit] = kind === 'weekly' ? ['week_start', 'week'] : ['month_start', 'month'];
  const fault = (message: string) => invalidBody([{ path, message: `${path} ${message}` }]);
  if (!period) {
    throw fault(
      kind === 'weekly' ? `must be a ${WEEKDAYS[firstWeekday - 1]}` : 'must be the first of a month',
    );
  }
  if (period.to > now) throw fault(`must be of a ${unit} that has ended: this one ends ${iso(period.to)}`);
  return period;
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
