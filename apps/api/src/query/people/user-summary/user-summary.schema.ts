import { count, described, instant, listOf, nullable, record, text } from '../../../http/openapi/schema.js';
import type { UserSummary } from './render-user-summary.js';

const typeSchema = record<UserSummary['by_type'][number]>('EventsOfType', { type: text, count });

/** A user's totals in API responses. */
export const userSummarySchema = record<UserSummary>('UserSummary', {
  user_id: text,
  name: nullable(text),
  email: nullable(text),
  first_seen: described(nullable(instant), 'Their first event that is kept.'),
  last_seen: described(nullable(instant), 'Their last event.'),
  events: described(count, 'Events that are kept.'),
  sessions: described(count, 'Sessions whose `user_id` they are.'),
  talked_seconds: described({ type: 'number', minimum: 0 }, 'In these sessions.'),
  active_days: described(count, 'Days in UTC with an event.'),
  by_type: described(listOf(typeSchema), 'Events that are kept by type, the most frequent first.'),
});
