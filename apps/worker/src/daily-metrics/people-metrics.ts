import { activeUsers, RangeUsersReadModel, type Snapshot } from '#people';
import { type LocalDay, startBefore } from './local-days.js';
import { type Metric, total } from './metric.js';

const DAY_MS = 86_400_000;
/** Days before the day itself. */
const WEEK_BEFORE = 6;
const MONTH_BEFORE = 29;

/** Users of a day, and those who are new. */
export async function usersOf({ client, organizationId, pending }: Snapshot, { date, from, to }: LocalDay) {
  const bounds = [from, to];
  const isUtc = bounds.every((bound) => bound % DAY_MS === 0);
  const day = { granularity: 'day', bounds, dates: [date], isUtc } as const;
  const [users] = await activeUsers(client, organizationId, pending, day);
  return { active: users?.active ?? 0, new: users?.new ?? 0 };
}

/** Distinct users of a day, and of the week and month that end with it. */
export async function peopleMetrics(snapshot: Snapshot, day: LocalDay, timeZone: string): Promise<Metric[]> {
  const { client, organizationId, pending } = snapshot;
  const users = await usersOf(snapshot, day);
  const range = new RangeUsersReadModel(client, organizationId, pending);
  const since = (days: number) => range.countDays({ from: startBefore(day, days, timeZone), to: day.to });
  return [
    total('dau', users.active),
    total('wau', await since(WEEK_BEFORE)),
    total('mau', await since(MONTH_BEFORE)),
    total('new_users', users.new),
  ];
}
