import type { JsonSchema } from '#catalog';
import { count, described, instant, nullable, record, text } from '../../../http/openapi/schema.js';
import type { Session } from './render-session.js';

const seconds: JsonSchema = { type: 'number', minimum: 0 };

/** The fields of a session, for records that have more. */
export const sessionFields: { readonly [K in keyof Session]: JsonSchema } = {
  session_id: text,
  user_id: described(nullable(text), 'The greatest id, if its events name several users.'),
  name: nullable(text),
  email: nullable(text),
  started_at: described(instant, 'Its first event.'),
  ended_at: described(nullable(instant), 'Its last `session_end`; null while there is none.'),
  last_seen_at: described(instant, 'Its last event.'),
  duration_seconds: described(
    seconds,
    'From its start to its end, or to its last event while it has not ended.',
  ),
  device: nullable(text),
  events: count,
  talked_seconds: seconds,
};

/** A session in API responses. */
export const sessionSchema = record<Session>('Session', sessionFields);
