import { LRUCache } from 'lru-cache';
import { DateTime, type DateTimeUnit, IANAZone } from 'luxon';

const DAY_MS = 86_400_000;
/** Minutes that clocks have been set back at midnight, longest first. */
const SET_BACK = [60, 30];

/** Names of time zones that exist. To check one takes 0.1 ms: a formatter is made for it. */
const existing = new LRUCache<string, true>({ max: 1000 });

/** Whether an IANA time zone of this name exists. */
export function isTimeZone(name: string): boolean {
  if (existing.has(name)) return true;
  const exists = IANAZone.isValidZone(name);
  if (exists) existing.set(name, true);
  return exists;
}

/** Offsets at the start of days in UTC, by zone and day. Looking one up takes 20 µs. */
const offsets = new LRUCache<string, number>({ max: 10_000 });

/** Offset of a zone's local time from UTC at an instant, in milliseconds. */
export function offsetAt(epochMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const day = Math.floor(epochMs / DAY_MS);
  const offset = offsetOn(day, timeZone);
  // No zone has changed its clock twice within a day.
  return offset === offsetOn(day + 1, timeZone) ? offset : lookUp(epochMs, timeZone);
}

function offsetOn(day: number, timeZone: string): number {
  const key = `${timeZone} ${day}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = lookUp(day * DAY_MS, timeZone);
    offsets.set(key, offset);
  }
  return offset;
}

const lookUp = (epochMs: number, timeZone: string) => IANAZone.create(timeZone).offset(epochMs) * 60_000;

/** Local date of an instant, `YYYY-MM-DD`. */
export const localDate = (epochMs: number, timeZone: string): string =>
  DateTime.fromMillis(epochMs, { zone: timeZone }).toISODate()!;

/** First instant of the local day, ISO week or month that contains an instant, in milliseconds since the epoch. */
export const startOf = (epochMs: number, unit: DateTimeUnit, timeZone: string): number =>
  firstInstant(DateTime.fromMillis(epochMs, { zone: timeZone }).startOf(unit));

/** First instant of the day, week or month `count` after the one that begins at `start`; negative: before. */
export const shift = (start: number, count: number, unit: DateTimeUnit, timeZone: string): number =>
  firstInstant(
    DateTime.fromMillis(start, { zone: timeZone })
      .plus({ [unit]: count })
      .startOf(unit),
  );

/** When clocks are set back at midnight, midnight occurs twice and Luxon may return the second one. */
function firstInstant(midnight: DateTime): number {
  const [first] = SET_BACK.map((minutes) => midnight.minus({ minutes })).filter(
    (earlier) => earlier.hasSame(midnight, 'day') && earlier.hour === 0 && earlier.minute === 0,
  );
  return (first ?? midnight).toMillis();
}
