import { Pool } from 'pg';
import { Environment } from '#config';
import { defineJob } from '#jobs';
import { PendingDeltas, RollupReads } from '#rollups';
import { OrganizationMetrics } from '../daily-metrics/organization-metrics.js';
import { eachOrganization } from '../organizations/each-organization.js';

/**
 * Computes the metrics of days that have ended, each in the time zone of its organization, and again when late events have
 * changed one of the last three. Hourly, because days end at any hour; five minutes past, for what is still in the queue.
 */
export const dailyMetrics = defineJob({
  name: 'daily-metrics',
  schedule: '5 * * * *',
  inject: [Pool, Environment],
  async run(context, pool, { EVENT_RETENTION_DAYS }) {
    // Of this run alone: between the runs, the memory is the ingestion's.
    const pending = new PendingDeltas();
    const metrics = new OrganizationMetrics(pool, pending, new RollupReads(pending), EVENT_RETENTION_DAYS);
    const now = context.clock.now();
    const { organizations, computed } = await eachOrganization(
      pool,
      (one) => metrics.compute(one, now, context.signal),
      context,
    );
    return { organizations, days: computed };
  },
});
