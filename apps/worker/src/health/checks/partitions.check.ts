import { Pool } from 'pg';
import type { Verdict } from '#health';
import { type PartitionFigures, partitionFigures } from '../reads/partitions.read-model.js';
import { defineCheck } from './define-check.js';
import { verdictOf, when } from './judge.js';

/**
 * A transaction that misses a partition creates it, so no event is lost. But if tomorrow's is missing, the hourly job has
 * not done its work for more than a day. Pure.
 */
export function judgePartitions(figures: PartitionFigures): Verdict {
  const { today, tomorrow } = figures;
  return verdictOf("Today's and tomorrow's partitions of event_rows exist.", { ...figures }, [
    ...when(
      !today,
      'fail',
      "Today's partition of event_rows is missing: see why the job event-partitions fails.",
    ),
    ...when(
      !tomorrow,
      'warn',
      "Tomorrow's partition of event_rows is missing: see why the job event-partitions fails.",
    ),
  ]);
}

/** Whether the days ahead have their partitions. */
export const partitions = defineCheck({
  name: 'partitions',
  inject: [Pool],
  run: async (_context, pool) => judgePartitions(await partitionFigures(pool)),
});
