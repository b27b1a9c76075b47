import { Pool } from 'pg';
import { defineJob } from '#jobs';
import type { ReportKind } from '#reports';
import { PendingDeltas, RollupReads } from '#rollups';
import { eachOrganization } from '../organizations/each-organization.js';
import { DueReports } from './due-reports.js';

/** Computes the last report of each organization that is due. Hourly, because periods end at any hour: each in its own zone. */
export const reportJob = (kind: ReportKind, schedule: string) =>
  defineJob({
    name: `${kind}-reports`,
    schedule,
    inject: [Pool],
    async run(context, pool) {
      const pending = new PendingDeltas();
      const reports = new DueReports(pool, pending, new RollupReads(pending));
      const now = context.clock.now();
      const { computed } = await eachOrganization(pool, (one) => reports.compute(kind, one, now), context);
      return { reports: computed };
    },
  });
