import { Environment } from '#config';
import { ensureEventPartitions } from '#database';
import { defineJob } from '#jobs';

/**
 * Keeps a day partition ready for every event that may arrive. A missed hour is harmless: partitions exist
 * two days ahead, and a transaction that misses one creates it.
 */
export const eventPartitions = defineJob({
  name: 'event-partitions',
  schedule: '0 * * * *',
  atStart: true,
  inject: [Environment],
  run: ({ clock, transaction }, { EVENT_RETENTION_DAYS }) =>
    transaction(async (client) => ({
      created: await ensureEventPartitions(client, EVENT_RETENTION_DAYS, clock.now()),
    })),
});
