import { Pool } from 'pg';
import { Environment } from '#config';
import { defineJob } from '#jobs';
import type { ReportKind } from '#reports';
import { PendingDeltas, RollupReads } from '#rollups';
import { eachOrganization } from '../organizations/each-organization.js';
import type { ComputedOrganization } from '../organizations/organizations.store.js';
import { DueReports } from './due-reports.js';

/** Computes the last report of each organization that is due. Hourly, because periods end at any hour: each in its own zone. */
export const reportJob = (kind: ReportKind, schedule: string) =>
  defineJob({
    name: `${kind}-reports`,
    schedule,
    inject: [Pool, Environment],
    async run(context, pool, { SMTP_URL }) {
      const pending = new PendingDeltas();
      const reports = new DueReports(pool, pending, new RollupReads(pending), SMTP_URL !== undefined);
      const now = context.clock.now();
      let mails = 0;
      const compute = async (organization: ComputedOrganization) => {
        const counts = await reports.compute(kind, organization, now);
        mails += counts.mails;
        return counts.reports;
      };
      const { computed } = await eachOrganization(pool, compute, context);
      return { reports: computed, mails };
    },
  });
