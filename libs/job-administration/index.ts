export { JobAdministration, type JobDetails, type RequestedRun, UnknownSlot } from './job-administration.js';
export type { JobOverview, JobRun } from './job-overview.js';
export type { JobAct } from './jobs.read-model.js';
