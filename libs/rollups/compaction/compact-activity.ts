import type { ActivityStore } from './activity.store.js';

/**
 * Compacts stored activity deltas into sessions and user days.
 * @param limit most deltas to compact
 * @returns the number compacted, at most `limit`
 */
export async function compactActivity(store: ActivityStore, limit: number): Promise<number> {
  const ids = await store.oldestDeltas(limit);
  if (ids.length === 0) return 0;
  await store.addSessionsOf(ids);
  await store.addUserDaysOf(ids);
  await store.removeDeltas(ids);
  return ids.length;
}
