import { randomUUID } from 'node:crypto';
import { sessionEnd, sessionStart, sessionUpdate } from '#catalog';
import { parseInstant } from '../../http/input/parse-instant.js';
import { instant, record, text } from '../../http/openapi/schema.js';
import { parseJson, UnparsedEvent } from '../decode/parse-json.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { field, flatExample, flatSchema, jsonBody } from './body-schema.js';
import { withUserInLowerCase } from './development-event.js';
import { type Dialect } from './dialect.js';
import { json } from './dialect-answer.js';
import { isJsonObject } from './json-object.js';
import { mapEvent, mappedPath, mapping } from './map-event.js';

const common = { id: ['id'], user_id: ['user_id'], src: ['src'] } as const;
const start = mapping(sessionStart, {
  ...common,
  ts: ['started_at', 'timestamp', 'ts'],
  session_id: ['session_id'],
});
const end = mapping(sessionEnd, { ...common, ts: ['ended_at', 'end_time', 'timestamp', 'ts'] });
const update = mapping(sessionUpdate, { ...common, ts: ['timestamp', 'ts'] });

/** Fields that occur only at the end of a session. */
const endings = ['ended_at', 'end_time', 'reason', 'duration_ms'];

/** Both calls work without a body: start a session now, end it now. */
function parseOptional(body: Buffer): unknown {
  if (body.length === 0) return {};
  const value = parseJson(body, 1);
  return value instanceof UnparsedEvent ? value.parse() : value;
}

function ends(body: unknown): boolean {
  if (!isJsonObject(body)) return false;
  const given = Object.keys(body).filter((name) => body[name] !== null);
  return given.length === 0 || given.some((name) => endings.includes(name));
}

/** Development metrics: start a session, under the client's id or a new one. */
export const sessionStartDialect: Dialect = {
  path: '/api/metrics/sessions/start',
  summary: "Starts a session, under the client's id or a new one.",
  bodies: jsonBody(
    flatSchema(sessionStart, {
      user_id: field.userId,
      session_id: { ...field.sessionId, description: 'Assigned when absent.' },
      started_at: field.instant,
    }),
    flatExample(sessionStart, { user_id: 'user-1', session_id: 'session-1' }),
  ),
  bodyOptional: true,
  limit: 'single',
  decode({ body, now }) {
    const given = parseOptional(body);
    const event = given instanceof RefusedEvent ? given : mapEvent(given, start);
    if (event instanceof RefusedEvent) return [event];
    return [
      {
        ...withUserInLowerCase(event),
        session_id: event.session_id ?? randomUUID(),
        ts: event.ts ?? new Date(now).toISOString(),
      },
    ];
  },
  clientPath: mappedPath,
  success: {
    status: 201,
    description: 'Started.',
    schema: record<{ session_id: string; started_at: string }>('StartedSession', {
      session_id: text,
      started_at: instant,
    }),
    render(_outcome, [event]) {
      const { session_id, ts } = event as { session_id: string; ts: string };
      return json({ session_id, started_at: new Date(parseInstant(ts)!).toISOString() });
    },
  },
};

/** Development metrics: end or update a session. */
export const sessionChangeDialect: Dialect = {
  method: 'PUT',
  path: '/api/metrics/sessions/:id',
  summary: 'Ends a session, or updates a running one.',
  description: `An empty body ends it, as does one with any of \`${endings.join('`, `')}\`.`,
  bodies: jsonBody(
    flatSchema(sessionEnd, { user_id: field.userId, ended_at: field.instant }),
    flatExample(sessionEnd),
  ),
  bodyOptional: true,
  limit: 'single',
  decode({ body, params }) {
    const change = parseOptional(body);
    if (change instanceof RefusedEvent) return [change];
    const event = mapEvent(change, ends(change) ? end : update);
    if (event instanceof RefusedEvent) return [event];
    return [{ ...withUserInLowerCase(event), session_id: params.id }];
  },
  clientPath: mappedPath,
};
