/** Every job and loop of a worker, one per line; the scheduler runs all that is exported here. */
export { activityCompaction } from './activity-compaction.loop.js';
export { alertNotifications } from './alert-notifications.loop.js';
export { alerts } from './alerts.job.js';
export { closedDays } from './closed-days.job.js';
export { compaction } from './compaction.loop.js';
export { dailyMetrics } from './daily-metrics.job.js';
export { erasures } from './erasures.loop.js';
export { eventPartitions } from './event-partitions.job.js';
export { expiredExports } from './expired-exports.job.js';
export { health } from './health.job.js';
export { longReads } from './long-reads.loop.js';
export { monthlyReports } from './monthly-reports.job.js';
export { performanceReport } from './performance-report.job.js';
export { reportMails } from './report-mails.loop.js';
export { retention } from './retention.job.js';
export { rowFilters } from './row-filters.loop.js';
export { weeklyReports } from './weekly-reports.job.js';
