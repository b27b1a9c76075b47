import { reportJob } from '../reports/report-job.js';

/** Reports of months. */
export const monthlyReports = reportJob('monthly', '15 * * * *');
