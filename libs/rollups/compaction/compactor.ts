import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { WINDOW_SECONDS } from '../delta/windows.js';
import { ActivityStore } from './activity.store.js';
import { compactSeries } from './compact.js';
import { CompactionStore, type DeltaGroup, listDeltaGroups } from './compaction.store.js';
import { lockCompaction } from './compaction-lock.js';
import { foldActivity } from './fold-activity.js';

/** Whichever may be asked for: one that was left out for a while would be wrong for ever. */
const ALL_WINDOWS = Object.values(WINDOW_SECONDS);

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
  constructor(private readonly pool: Pool) {}

  /** Everything that is to be folded in. */
  deltaGroups(): Promise<DeltaGroup[]> {
    return listDeltaGroups(this.pool);
  }

  /** Folds in everything that stands, of all organizations. */
  async compactAll(): Promise<void> {
    for (const group of await this.deltaGroups()) await this.compact(group);
  }

  /**
   * Folds in one group, or as much of it as there is time for before `signal` aborts.
   * @throws the signal's reason when it aborts in the middle of a transaction, which is taken back
   */
  async compact({ organizationId, type }: Omit<DeltaGroup, 'bytes'>, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const taken = await inTransaction(this.pool, async (client) => {
        if (!(await lockCompaction(client, organizationId))) return 0;
        // Nothing waits for the transaction to be on disk: were it lost, its deltas would stand again.
        await client.query('SET LOCAL synchronous_commit = off');
        return type === null
          ? foldActivity(new ActivityStore(client, organizationId), MAX_DELTAS)
          : this.compactType(new CompactionStore(client, organizationId), type, signal);
      });
      if (taken < MAX_DELTAS) return;
    }
  }

  private async compactType(store: CompactionStore, type: string, signal?: AbortSignal): Promise<number> {
    const deltas = await store.takeRollupDeltas(type, MAX_DELTAS);
    await store.addRollups(compactSeries(type, deltas.flat(), ALL_WINDOWS), signal);
    return deltas.length;
  }
}
