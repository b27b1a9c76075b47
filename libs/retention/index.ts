export { enforceRetention, type RetentionCounts } from './enforce-retention.js';
export { longestEventDays } from './plan/plan.js';
export { EVENT_TABLES, ROWS_RULES } from './plan/rules.js';
export { surveyRetention } from './survey-retention.js';
export type { Expired, Run } from './transactions/run.js';
