import { questionOf, type Snapshot, scopeOf } from '#people';
import type { Basis } from './basis.js';
import type { MetricSettings } from './day-metrics.js';
import { type CountedRanges, countBetween, localBounds, startOfUtcDay, utcBounds } from './event-counts.js';
import { type LocalDay, startBefore } from './local-days.js';
import { usersOf } from './people-metrics.js';
import { sessionsOf } from './session-metrics.js';

/** Days before a day that its metrics depend on: those of the users of a month. */
const DAYS_BEFORE = 29;

/**
 * The basis of each of some consecutive days, by date. Of the days before them only whole days in UTC are read, which takes
 * one rollup for each series and day in any time zone.
 */
export async function currentBases(
  snapshot: Snapshot,
  days: readonly LocalDay[],
  { timeZone, types, definitions }: MetricSettings,
): Promise<ReadonlyMap<string, Basis>> {
  const first = startBefore(days[0]!, DAYS_BEFORE, timeZone);
  const whole = await counted(snapshot, types, utcBounds(first, startOfUtcDay(days.at(-1)!.from)));
  const local = await counted(snapshot, types, localBounds(days));
  const bases = new Map<string, Basis>();
  for (const day of days) {
    const since = startOfUtcDay(startBefore(day, DAYS_BEFORE, timeZone));
    const start = startOfUtcDay(day.from);
    const users = await usersOf(snapshot, day);
    const { sessions, events, seconds } = await sessionsOf(snapshot, day);
    bases.set(day.date, {
      ...{ time_zone: timeZone, definitions },
      events: countBetween(local, day.from, day.to),
      events_before: countBetween(whole, since, start) + countBetween(local, start, day.from),
      ...{ users: users.active, new_users: users.new },
      sessions: [sessions, events, seconds],
    });
  }
  return bases;
}

async function counted(
  { rollups }: Snapshot,
  types: readonly string[],
  bounds: readonly number[],
): Promise<CountedRanges> {
  const question = questionOf(scopeOf(bounds), { types, groupBy: [], statistics: ['count'] });
  const [series] = await rollups.series(question);
  const byIndex = new Map(series?.points.map(({ index, figures }) => [index, figures[0] ?? 0]));
  return { bounds, counts: bounds.slice(1).map((_, index) => byIndex.get(index) ?? 0) };
}
