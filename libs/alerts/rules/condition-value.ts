import { partOf, questionOf, type Snapshot, scopeOf } from '#people';
import { knownTypes, WINDOW_SECONDS } from '#rollups';
import type { Condition } from './condition.js';

const MINUTE_MS = 60_000;

/**
 * The minutes that a condition looks at, in milliseconds since the epoch. They end with the minute of the evaluation, so that
 * an event counts at once. Pure.
 */
export function boundsOf(condition: Condition, now: number): [from: number, to: number] {
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  if (condition.kind === 'threshold') return [to - WINDOW_SECONDS[condition.window] * 1000, to];
  // Whole minutes before the one that has begun: silence is never shorter than the rule says.
  return [Math.floor(now / MINUTE_MS) * MINUTE_MS - condition.minutes * MINUTE_MS, to];
}

/**
 * The value that a condition compares. Without events a count is 0, and no other statistic has a value.
 * @param now milliseconds since the epoch
 */
export async function conditionValue(
  condition: Condition,
  { client, organizationId, rollups }: Snapshot,
  now: number,
): Promise<number | null> {
  const bounds = boundsOf(condition, now);
  const isCount = condition.kind === 'no_events' || condition.stat === 'count';
  const part =
    condition.kind === 'threshold'
      ? partOf({ ...condition, group_by: [] })
      : { groupBy: [], statistics: ['count' as const], where: condition.where, types: await types() };
  const [series] = part.types.length > 0 ? await rollups.series(questionOf(scopeOf(bounds), part)) : [];
  return series?.totals[0]?.[0] ?? (isCount ? 0 : null);

  async function types(): Promise<readonly string[]> {
    if (condition.type !== null) return [condition.type];
    const known = await knownTypes(client, organizationId, bounds[0]);
    return known.map(({ type }) => type);
  }
}
