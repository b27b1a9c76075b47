import { anyObject, instant, nullable, record, text } from '../../http/openapi/schema.js';
import type { EventRow } from './event-filter.js';

/** A raw event in API responses. */
export const eventSchema = record<EventRow>('Event', {
  id: text,
  ts: instant,
  received_at: instant,
  type: text,
  user_id: nullable(text),
  session_id: nullable(text),
  src: nullable(text),
  payload: anyObject,
});
