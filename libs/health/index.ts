export { duration, type HealthReport, healthReport, isStale, type PastRun } from './health-report.js';
export { type HealthRun, latestRuns, runBefore } from './health-runs.read-model.js';
export {
  type CheckedVerdict,
  type Figure,
  type Figures,
  STATUSES,
  type Status,
  type Verdict,
  worst,
} from './verdict.js';
