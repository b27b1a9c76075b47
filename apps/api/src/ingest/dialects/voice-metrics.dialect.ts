import { type RawEvent, voiceMetric } from '#catalog';
import { RefusedEvent } from '../decode/refused-event.js';
import { field, flatExample, flatSchema, jsonBody, oneOrMany } from './body-schema.js';
import { type Dialect } from './dialect.js';
import { eachEvent, eventList, listLimit } from './event-list.js';
import { mapEvent, mappedPath, mapping } from './map-event.js';

const voice = mapping(voiceMetric, {
  id: ['id'],
  ts: ['timestamp', 'ts'],
  user_id: ['user_id'],
  session_id: ['session_id'],
  src: ['src'],
});

// An id above 2^53 has already lost digits; it stays a number, and is refused.
const textual = (id: unknown): unknown => (Number.isSafeInteger(id) ? String(id) : id);

function voiceEvent(source: unknown): RawEvent | RefusedEvent {
  const event = mapEvent(source, voice);
  if (event instanceof RefusedEvent) return event;
  for (const name of ['user_id', 'session_id'] as const) {
    if (event[name] === undefined) return new RefusedEvent('schema_violation', `/${name}`, 'is required');
  }
  return { ...event, user_id: textual(event.user_id), session_id: textual(event.session_id) };
}

/** Voice sessions: one stretch of a session, or many. */
export const voiceMetricsDialect: Dialect = {
  path: '/api/user-metrics',
  summary: 'Accepts one stretch of a voice session, or an array of them.',
  bodies: jsonBody(
    oneOrMany(
      flatSchema(
        voiceMetric,
        {
          user_id: { oneOf: [{ type: 'integer' }, field.userId] },
          session_id: field.sessionId,
          timestamp: field.instant,
        },
        ['user_id', 'session_id'],
      ),
    ),
    flatExample(voiceMetric, { user_id: 17, session_id: 'session-1' }),
  ),
  limit: listLimit(),
  decode({ body, maxEvents }) {
    return eachEvent(eventList(body, maxEvents), voiceEvent);
  },
  clientPath: mappedPath,
};
