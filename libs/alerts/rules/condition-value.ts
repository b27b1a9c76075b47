import { partOf, questionOf, type Snapshot, scopeOf } from '#people';
import { knownTypes } from '#rollups';
import type { Condition } from './condition.js';
import { rangesOf } from './ranges.js';

/**
 * The value that a condition compares. Without events a count is 0, and no other statistic has a value. With `no_events` it is
 * 0, or how many events were found before the search ended.
 * @param now milliseconds since the epoch
 */
export async function conditionValue(
  condition: Condition,
  { client, organizationId, rollups }: Snapshot,
  now: number,
): Promise<number | null> {
  const ranges = rangesOf(condition, now);
  const isCount = condition.kind === 'no_events' || condition.stat === 'count';
  const part =
    condition.kind === 'threshold'
      ? partOf({ ...condition, group_by: [] })
      : { groupBy: [], statistics: ['count' as const], where: condition.where, types: await types() };
  for (const range of part.types.length > 0 ? ranges : []) {
    const [series] = await rollups.series(questionOf(scopeOf(range), part));
    const value = series?.totals[0]?.[0];
    if (typeof value === 'number') return value;
  }
  return isCount ? 0 : null;

  async function types(): Promise<readonly string[]> {
    if (condition.type !== null) return [condition.type];
    const known = await knownTypes(client, organizationId, ranges.at(-1)![0]);
    return known.map(({ type }) => type);
  }
}
