import { reportJob } from '../reports/report-job.js';

/** Reports of weeks, ten minutes past, for what is still in the queue. */
export const weeklyReports = reportJob('weekly', '10 * * * *');
