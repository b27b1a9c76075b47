import { DateTime, type DateTimeUnit, IANAZone } from 'luxon';

/** Minutes that clocks have been set back at midnight, longest first. */
const SET_BACK = [60, 30];

/** Whether an IANA time zone of this name exists. */
export const isTimeZone = (name: string) => IANAZone.isValidZone(name);

/** Offset of a zone's local time from UTC at an instant, in milliseconds. */
export const offsetAt = (epochMs: number, timeZone: string) =>
  IANAZone.create(timeZone).offset(epochMs) * 60_000;

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
