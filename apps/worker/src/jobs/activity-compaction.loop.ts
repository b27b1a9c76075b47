import { defineLoop } from '#jobs';
import { Compactor } from '#rollups';

const EVERY_MS = 10_000;
/** Stored bytes of an organization's deltas; a list of sessions takes some 90 ms to parse so many. */
const MANY_BYTES = 512 * 1024;

/**
 * Compacts sessions and user days of busy organizations more often than rollups: queries parse all of their deltas, 2 µs for
 * each user and transaction, while compacting them updates a row per user and session, whatever the number of deltas.
 */
export const activityCompaction = defineLoop({
  name: 'activity-compaction',
  everyMs: EVERY_MS,
  inject: [Compactor],
  async run({ logger, signal }, compactor) {
    const groups = await compactor.deltaGroups();
    for (const group of groups.filter(({ type, bytes }) => type === null && bytes >= MANY_BYTES)) {
      try {
        await compactor.compact(group, signal);
      } catch (error) {
        // Its deltas are unchanged; the next round compacts them.
        if (!signal.aborted) logger.warn((error as Error).message);
      }
    }
  },
});
