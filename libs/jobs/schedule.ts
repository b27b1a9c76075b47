import { CronDate, CronExpressionParser } from 'cron-parser';

/** When a job is due. Each due instant is a slot, in milliseconds since the epoch. */
export interface Schedule {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
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
export function parseSchedule(cron: string, timeZone = 'UTC'): Schedule {
  if (!CRON.test(cron)) throw new Error(`"${cron}" is not a cron expression of five fields`);
  Intl.DateTimeFormat('en', { timeZone });
  CronExpressionParser.parse(cron);
  return { cron, timeZone };
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

/**
 * Every slot after an instant. A local time skipped by a clock change is moved behind the gap; one that
 * occurs twice is a slot the first time.
 */
function* slotsAfter({ cron, timeZone }: Schedule, after: number): Generator<number, never> {
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
