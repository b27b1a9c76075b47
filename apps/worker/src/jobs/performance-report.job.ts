import { Environment } from '#config';
import { defineJob } from '#jobs';
import { PerformanceReporter } from '../performance/performance-reporter.js';

/** Stores a report on speed and size, each night after retention. It is at `GET /v1/admin/performance-reports`. */
export const performanceReport = defineJob({
  name: 'performance-report',
  schedule: '50 4 * * *',
  inject: [Environment],
  run: ({ clock, logger, transaction }, { DATABASE_DISK_PATH }) =>
    transaction(async (client) => {
      const report = await new PerformanceReporter(DATABASE_DISK_PATH).report(client, clock.now());
      for (const finding of report.findings) logger.warn(finding);
      const { findings, tables, indexes } = report;
      return { findings: findings.length, tables: tables.length, indexes: indexes.length };
    }),
});
