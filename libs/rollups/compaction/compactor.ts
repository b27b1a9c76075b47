import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { compactSeries, compactSessions, compactUserDays } from './compact.js';
import { CompactionStore, organizationsWithDeltas, type RollupDeltaRow } from './compaction.store.js';

/** Deltas folded in by one transaction; bounds its length and the memory for it. */
const MAX_DELTAS = 2000;

/**
 * Folds deltas into rollups, sessions and user days.
 *
 * A transaction that stores events writes one small row of deltas for each type instead of updating
 * every window of every series it touches. A compaction then updates each row once for all transactions
 * since the last, and no two transactions ever wait for the same counter. Queries add the deltas that
 * are still there, so nothing is stale in the meantime.
 */
export class Compactor {
  constructor(
    private readonly pool: Pool,
    private readonly windows: readonly number[],
  ) {}

  /** Organizations that have something to fold in. */
  organizations(): Promise<string[]> {
    return organizationsWithDeltas(this.pool);
  }

  /** Folds in everything that stands, of all organizations. */
  async compactAll(): Promise<void> {
    for (const organizationId of await this.organizations()) await this.compact(organizationId);
  }

  /** Folds in everything that stands of one organization, or as much as there is time for before `signal` aborts. */
  async compact(organizationId: string, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      if ((await this.compactOnce(organizationId)) < MAX_DELTAS) return;
    }
  }

  private async compactOnce(organizationId: string): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const store = new CompactionStore(client, organizationId);
      if (!(await store.lock())) return 0;
      const deltas = await store.takeRollupDeltas(MAX_DELTAS);
      for (const [type, own] of byType(deltas)) {
        await store.addRollups(
          compactSeries(
            type,
            own.flatMap((row) => row.series),
            this.windows,
          ),
        );
      }
      const activity = await store.takeActivityDeltas(MAX_DELTAS);
      if (activity.length > 0) {
        await store.addSessions(compactSessions(activity.flatMap((row) => row.sessions)));
        await store.addUserDays(compactUserDays(activity.flatMap((row) => row.user_days)));
      }
      return deltas.length;
    });
  }
}

function byType(deltas: readonly RollupDeltaRow[]): Map<string, RollupDeltaRow[]> {
  const groups = new Map<string, RollupDeltaRow[]>();
  for (const delta of deltas) {
    const group = groups.get(delta.type);
    if (group) group.push(delta);
    else groups.set(delta.type, [delta]);
  }
  return groups;
}
