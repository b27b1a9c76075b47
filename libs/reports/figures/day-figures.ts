import { agentInteraction, commandExecution } from '#catalog';
import { activeUsers, isError, outcomesPart, questionOf, type Snapshot, scopeOf } from '#people';
import { type AggregateSeries, localDate } from '#rollups';
import type { ReportDay } from '../content/report.js';
import type { ReportPeriod } from '../period/report-period.js';

const DAY_MS = 86_400_000;

/**
 * The days of the eight weeks before a period, and of the period.
 * @param types all event types that the organization has events of
 */
export async function figuresOfDays(
  { client, organizationId, pending, rollups }: Snapshot,
  { days, timeZone }: ReportPeriod,
  types: readonly string[],
): Promise<ReportDay[]> {
  const scope = scopeOf(days);
  const [events, commands, agents] = await rollups.all([
    questionOf(scope, { types, groupBy: [], statistics: ['count'] }),
    questionOf(scope, outcomesPart(commandExecution.name)),
    questionOf(scope, outcomesPart(agentInteraction.name)),
  ]);
  const dates = days.slice(0, -1).map((day) => localDate(day, timeZone));
  const isUtc = days.every((day) => day % DAY_MS === 0);
  const found = await activeUsers(client, organizationId, pending, {
    ...{ granularity: 'day', bounds: days, dates, isUtc },
  });
  const users = new Map(found.map((one) => [one.index, one]));
  const failed = [...commands!, ...agents!].filter(({ group }) => isError(group.status));
  const [eventsOn, errorsOn] = [countsOf(events!), countsOf(failed)];
  return dates.map((day, index) => ({
    ...{ day, events: eventsOn.get(index) ?? 0 },
    ...{ active_users: users.get(index)?.active ?? 0, new_users: users.get(index)?.new ?? 0 },
    errors: errorsOn.get(index) ?? 0,
  }));
}

/** Counts of all series together, by bucket. */
function countsOf(series: readonly AggregateSeries[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { points } of series)
    for (const { index, figures } of points) counts.set(index, (counts.get(index) ?? 0) + (figures[0] ?? 0));
  return counts;
}
