import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { WINDOW_SECONDS } from '../delta/windows.js';
import { ActivityStore } from './activity.store.js';
import { compactActivity } from './compact-activity.js';
import { compactType } from './compact-type.js';
import { CompactionStore, type DeltaGroup, listDeltaGroups } from './compaction.store.js';
import { USUAL_BOUNDS } from './compaction-bounds.js';
import { lockCompaction } from './compaction-lock.js';

/** All windows, even those that `AGGREGATION_WINDOWS` hides from queries: a gap could never be filled. */
const ALL_WINDOWS = Object.values(WINDOW_SECONDS);

/**
 * Folds deltas into rollups, sessions and user days.
 *
 * A transaction that stores events appends one small row of deltas per type instead of updating every window of every
 * series. Compaction later updates each rollup row once for many transactions, so that no two of them wait for the
 * same counter. Queries add the pending deltas, so results are never stale.
 */
export class Compactor {
  constructor(
    private readonly pool: Pool,
    private readonly bounds = USUAL_BOUNDS,
  ) {}

  /** Pending deltas, by organization and type. */
  deltaGroups(): Promise<DeltaGroup[]> {
    return listDeltaGroups(this.pool);
  }

  /** Folds in all deltas of all organizations. */
  async compactAll(): Promise<void> {
    for (const group of await this.deltaGroups()) await this.compact(group);
  }

  /**
   * Folds in one group, in as many transactions as it takes, until done or aborted.
   * @throws the signal's reason when it aborts within a transaction, which rolls back
   */
  async compact({ organizationId, type }: Omit<DeltaGroup, 'bytes'>, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const folded = await inTransaction(this.pool, async (client) => {
        if (!(await lockCompaction(client, organizationId))) return 0;
        // No need to wait for the disk: if the commit is lost in a crash, its deltas are back as well.
        await client.query('SET LOCAL synchronous_commit = off');
        return type === null
          ? compactActivity(new ActivityStore(client, organizationId), this.bounds.deltas)
          : compactType(new CompactionStore(client, organizationId), type, ALL_WINDOWS, this.bounds, signal);
      });
      if (folded < this.bounds.deltas) return;
    }
  }
}
