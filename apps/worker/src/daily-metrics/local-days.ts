import { localDate, shiftWindow, windowStart } from '#rollups';

/** A day of a time zone. */
export interface LocalDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Milliseconds since the epoch, `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/**
 * The last days that have ended, oldest first. Pure.
 * @param now milliseconds since the epoch
 */
export function endedDays(now: number, timeZone: string, count: number): LocalDay[] {
  const starts = [windowStart(now, '1d', timeZone)];
  for (let i = 0; i < count; i++) starts.push(shiftWindow(starts.at(-1)!, -1, '1d', timeZone));
  starts.reverse();
  return starts.slice(0, -1).map((from, i) => ({
    ...{ date: localDate(from, timeZone), from, to: starts[i + 1]! },
  }));
}

/** Start of the day some days before another, in milliseconds since the epoch. Pure. */
export const startBefore = ({ from }: LocalDay, days: number, timeZone: string): number =>
  shiftWindow(from, -days, '1d', timeZone);
