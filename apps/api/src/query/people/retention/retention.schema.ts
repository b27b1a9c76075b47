import { count, described, instant, listOf, record, text } from '../../../http/openapi/schema.js';
import type { Cohort, Retention, WeekOfCohort } from './render-retention.js';

const weekSchema = record<WeekOfCohort>('WeekOfCohort', {
  week: described(count, 'Weeks after the first.'),
  users: described(count, 'Users of the cohort who were active in that week.'),
  share: {
    type: ['number', 'null'],
    minimum: 0,
    maximum: 1,
    description: 'Of the cohort; null when it is empty.',
  },
});

const cohortSchema = record<Cohort>('Cohort', {
  cohort: { type: 'string', format: 'date', description: 'Monday of the week.' },
  users: described(count, 'Users who were active for the first time ever in that week.'),
  returned: described(listOf(weekSchema), 'The weeks after, as far as they have begun.'),
});

/** Retention in API responses. */
export const retentionSchema = record<Retention>('Retention', {
  tz: text,
  from: instant,
  to: instant,
  weeks: count,
  data: listOf(cohortSchema),
});
