import { DateTime } from 'luxon';
import { calendarDays, numberCell, STYLE, textCell } from '#exports';
import { type Cell, type Kind, type TableColumn, wordFor } from '../tables/report-table.js';

const SECONDS_PER_DAY = 86_400;
const MINUTE_MS = 60_000;

const STYLES: Readonly<Record<Exclude<Kind, 'text'>, number>> = {
  ...{ count: STYLE.count, decimal: STYLE.decimal, share: STYLE.share, change: STYLE.change },
  ...{ seconds: STYLE.duration, milliseconds: STYLE.milliseconds, day: STYLE.day, instant: STYLE.instant },
};

/** A cell of a sheet: numbers, dates and durations as a spreadsheet program counts them, all else as text. */
export function cellXml(place: string, { kind, value }: Cell, column: TableColumn, timeZone: string): string {
  if (value === null) return textCell(place, column.missing ?? '');
  if (kind === 'text') return textCell(place, wordFor(column, String(value)));
  return numberCell(place, numberOf(kind, value, timeZone), STYLES[kind]);
}

function numberOf(kind: Exclude<Kind, 'text'>, value: string | number, timeZone: string): number {
  if (kind === 'day') return calendarDays(Date.parse(`${value}T00:00:00Z`));
  if (kind === 'instant') return calendarDays(localMs(String(value), timeZone));
  return kind === 'seconds' ? Number(value) / SECONDS_PER_DAY : Number(value);
}

/** A cell has no time zone: it holds what a clock in the zone shows, as if that were UTC. */
function localMs(instant: string, zone: string): number {
  const local = DateTime.fromISO(instant, { zone });
  return local.toMillis() + local.offset * MINUTE_MS;
}
