import { defineLoop } from '#jobs';
import { Compactor } from '#rollups';
import { DeltaSchedule } from '../compaction/delta-schedule.js';

/**
 * The longer, the more transactions share one update of a row (every 10 s took a tenth of all CPU under full load);
 * the shorter, the fewer deltas a query adds up itself.
 */
const EVERY_MS = 30_000;

/**
 * Compacts deltas into rollups, sessions and user days. The groups of a round are spread over the interval, so that
 * ingestion and queries never compete with more than one. Replicas take turns by organization.
 */
export const compaction = defineLoop({
  name: 'compaction',
  everyMs: EVERY_MS,
  inject: [Compactor, DeltaSchedule],
  async run({ clock, logger, signal }, compactor, schedule) {
    const groups = schedule.due(await compactor.deltaGroups());
    for (const group of groups) {
      try {
        await compactor.compact(group, signal);
      } catch (error) {
        // Its deltas are unchanged; a later round compacts them.
        if (!signal.aborted) logger.warn((error as Error).message);
      }
      await clock.sleep(EVERY_MS / groups.length, signal);
    }
  },
});
