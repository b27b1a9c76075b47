export { activityIn } from './activity/activity.read-model.js';
export {
  GRANULARITIES,
  type Granularity,
  PERIOD_WINDOWS,
  type Periods,
  periodsWithin,
} from './activity/periods.js';
export type { TimeRange } from './activity/time-range.js';
export { BUILT_IN_METRICS, type BuiltInMetricName, MAX_VALUES } from './daily-metrics/built-in-metrics.js';
export { type MetricDefinition, partOf } from './daily-metrics/metric-definition.js';
export {
  type ActivityFigures,
  type ActivityPoint,
  activityFigures,
  activityQuestions,
} from './development/activity-figures.js';
export {
  addOutcomes,
  countOutcomes,
  errorRate,
  isError,
  type Outcomes,
  outcomesOf,
  outcomesPart,
} from './development/outcomes.js';
export { type Part, questionOf, type Scope } from './development/scope.js';
export { type NameFigures, namesQuestion, topNames } from './development/top-names.js';
export { type CountedSession, countedSessions } from './sessions/counted-sessions.read-model.js';
export {
  type DeviceSessions,
  type SessionFigures,
  sessionFigures,
} from './sessions/session-figures.read-model.js';
export { usersOfWeek, type WeekOfUser } from './sessions/users-of-week.read-model.js';
export { type Snapshot, scopeOf } from './snapshot.js';
export { activeUsers, type PeriodUsers } from './users/active-users.read-model.js';
export { RangeUsersReadModel } from './users/range-users.read-model.js';
