import { Pool } from 'pg';
import { defineLoop } from '#jobs';
import { filterRows } from '#segments';

const EVERY_MS = 20_000;
/** Milliseconds after which rows get a filter: most events have arrived by then. */
const REST_MS = 60_000;
/** Pauses, in durations of the work before: a filter costs 2 to 5 µs of CPU per row, and ingestion comes first. */
const PAUSES = 9;

/**
 * Makes filters for the rows of days that are not closed, so that listings by user, session or type skip rows without a
 * match.
 */
export const rowFilters = defineLoop({
  name: 'row-filters',
  everyMs: EVERY_MS,
  inject: [Pool],
  async run({ clock, signal }, pool) {
    const pause = async (milliseconds: number) => {
      await clock.sleep(PAUSES * milliseconds, signal);
      return !signal.aborted;
    };
    await filterRows(pool, { before: new Date(clock.now() - REST_MS), pause });
  },
});
