import { CronDate, CronExpressionParser } from 'cron-parser';

/** When a job is due. Each due instant is a slot, in milliseconds since the epoch. */
export type Schedule = CronSchedule | IntervalSchedule;

export interface CronSchedule {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Its slots are the multiples of the interval since the epoch, so that every replica has the same ones. */
export interface IntervalSchedule {
  /** A whole number. */
  readonly everySeconds: number;
}

const HOUR_MS = 3_600_000;
/** No change of a zone's offset is larger. */
const LARGEST_SHIFT_MS = 3 * HOUR_MS;

/** Five fields. `H`, a random minute or hour in some dialects, would differ from replica to replica. */
const CRON = /^[^\sH@]+( [^\sH@]+){4}$/;

/**
 * @param timeZone IANA name; UTC when absent
 * @throws Error describing the fault in the expression or the time zone
 */
export function parseSchedule(cron: string, timeZone = 'UTC'): CronSchedule {
  if (!CRON.test(cron)) throw new Error(`"${cron}" is not a cron expression of five fields`);
  Intl.DateTimeFormat('en', { timeZone });
  CronExpressionParser.parse(cron);
  return { cron, timeZone };
}

/** @throws Error when it is not a whole number of seconds */
export function intervalSchedule(everySeconds: number): IntervalSchedule {
  if (!Number.isSafeInteger(everySeconds) || everySeconds < 1)
    throw new Error(`every ${everySeconds} seconds is not a whole number of seconds`);
  return { everySeconds };
}

/** The first slot after an instant. Pure, like everything here. */
export const nextSlot = (schedule: Schedule, after: number): number =>
  slotsAfter(schedule, after).next().value;

/** The latest slots, at most `count`, of those after `after` and not after `until`; the earliest first. */
export function latestSlots(schedule: Schedule, count: number, after: number, until: number): number[] {
  // From short spans to long ones, so that finding the last minutes does not iterate over a whole year.
  for (let span = HOUR_MS; ; span *= 2) {
    const from = Math.max(after, until - span);
    const slots: number[] = [];
    for (const slot of slotsAfter(schedule, from)) {
      if (slot > until) break;
      slots.push(slot);
    }
    if (slots.length >= count || from === after) return slots.slice(-count);
  }
}

const slotsAfter = (schedule: Schedule, after: number): Generator<number, never> =>
  'everySeconds' in schedule ? multiplesAfter(schedule, after) : cronSlotsAfter(schedule, after);

function* multiplesAfter({ everySeconds }: IntervalSchedule, after: number): Generator<number, never> {
  const step = everySeconds * 1000;
  for (let slot = (Math.floor(after / step) + 1) * step; ; slot += step) yield slot;
}

/**
 * Every slot after an instant. A local time skipped by a clock change is moved behind the gap; one that
 * occurs twice is a slot the first time.
 */
function* cronSlotsAfter({ cron, timeZone }: CronSchedule, after: number): Generator<number, never> {
  const from = walkFrom(after, timeZone);
  const expression = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(from) });
  for (;;) {
    const slot = expression.next().getTime();
    if (slot > after) yield slot;
  }
}

/**
 * `cron-parser` handles a clock change only when it iterates across it: started in the repeated hour it
 * treats that hour as the first, started behind the gap it misses the slots moved there.
 */
function walkFrom(after: number, timeZone: string): number {
  const before = after - LARGEST_SHIFT_MS;
  const offsetAt = (instant: number) => new CronDate(new Date(instant), timeZone).getUTCOffset();
  return offsetAt(before) === offsetAt(after) ? after : before;
}
