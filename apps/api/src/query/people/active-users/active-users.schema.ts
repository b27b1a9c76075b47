import { GRANULARITIES } from '#people';
import { count, described, instant, listOf, oneOf, record, text } from '../../../http/openapi/schema.js';
import type { ActivePeriod, ActiveUsers } from './render-active-users.js';

const periodSchema = record<ActivePeriod>('ActivePeriod', {
  period: described(text, 'The day; the first day of the week; the month, such as `2026-11`.'),
  active: count,
  new: described(count, 'Active for the first time ever.'),
  returning: described(count, 'Active before this period, too.'),
});

/** Active users in API responses. */
export const activeUsersSchema = record<ActiveUsers>('ActiveUsers', {
  granularity: oneOf(GRANULARITIES),
  tz: text,
  from: instant,
  to: instant,
  data: listOf(periodSchema),
});
