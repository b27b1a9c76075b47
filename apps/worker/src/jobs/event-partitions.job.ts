import { Environment } from '#config';
import { ensureEventPartitions } from '#database';
import { listAllOrganizations } from '#identity';
import { defineJob } from '#jobs';
import { longestEventDays } from '#retention';

/**
 * Keeps a day partition ready for every event that may arrive, since the first day that some organization keeps. A missed hour is harmless: partitions exist
 * two days ahead, and a transaction that misses one creates it.
 */
export const eventPartitions = defineJob({
  name: 'event-partitions',
  schedule: '0 * * * *',
  atStart: true,
  inject: [Environment],
  run: ({ clock, transaction }, environment) =>
    transaction(async (client) => {
      const days = longestEventDays(await listAllOrganizations(client), environment);
      return { created: await ensureEventPartitions(client, days, clock.now()) };
    }),
});
