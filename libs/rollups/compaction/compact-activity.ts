import type { ActivityStore } from './activity.store.js';
import { compactSessions, compactUserDays } from './compact.js';

/**
 * Compacts stored activity deltas into sessions and user days.
 * @param limit most deltas to compact
 * @returns the number compacted, at most `limit`
 */
export async function compactActivity(store: ActivityStore, limit: number): Promise<number> {
  const deltas = await store.takeDeltas(limit);
  await store.addSessions(compactSessions(deltas.flatMap((row) => row.sessions)));
  await store.addUserDays(compactUserDays(deltas.flatMap((row) => row.user_days)));
  return deltas.length;
}
