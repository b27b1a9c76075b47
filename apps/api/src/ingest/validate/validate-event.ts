import type { CountableEvent } from '#batch';
import type { RawEvent } from '#catalog';
import type { EventTypes } from '../../event-types/event-type-registry.js';
import { checkText, checkValue, isForbiddenKey, type Suspicions } from '../../http/input/check-value.js';
import { Fault, pointerStep } from '../../http/input/fault.js';
import { parseInstant } from '../../http/input/parse-instant.js';
import { newEventId } from './new-event-id.js';

/** Most bytes of a payload, as JSON. */
export const MAX_EVENT_BYTES = 32 * 1024;
/** Most characters of an event's id. */
export const MAX_ID = 128;
/** Most characters of a user id, session id and source. */
export const MAX_NAME = 256;
const AHEAD_MS = 86_400_000;
const FIELDS = new Set(['id', 'ts', 'type', 'user_id', 'session_id', 'src', 'payload']);

export interface ValidationContext {
  /** Time of receipt, milliseconds since the epoch: the instant of an event without one, and the base of the limits. */
  readonly now: number;
  /** Milliseconds: older events are refused. */
  readonly retention: number;
  readonly suspicions: Suspicions;
  readonly types: EventTypes;
}

/** Validates one event. Pure, except that an event without an id gets a random one. */
export function validateEvent(raw: RawEvent, context: ValidationContext): CountableEvent | Fault {
  return checkFields(raw) ?? checkPayload(raw, context);
}

function checkFields(raw: RawEvent): Fault | null {
  for (const field of Object.keys(raw)) {
    if (!FIELDS.has(field)) {
      const odd = checkText(field, '');
      if (odd) return odd;
      const code = isForbiddenKey(field) ? 'forbidden_key' : 'invalid_event';
      return new Fault(
        code,
        pointerStep(field),
        'unknown field: an event has id, ts, type, user_id, session_id, src and payload',
      );
    }
  }
  if (typeof raw.type !== 'string') return new Fault('invalid_event', '/type', 'expected a string');
  if (
    raw.payload !== undefined &&
    raw.payload !== null &&
    (typeof raw.payload !== 'object' || Array.isArray(raw.payload))
  ) {
    return new Fault('invalid_event', '/payload', 'expected an object');
  }
  return (
    checkName(raw.id, '/id', MAX_ID) ??
    checkName(raw.user_id, '/user_id', MAX_NAME) ??
    checkName(raw.session_id, '/session_id', MAX_NAME) ??
    checkName(raw.src, '/src', MAX_NAME)
  );
}

function checkName(value: unknown, path: string, longest: number): Fault | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length > 0 && value.length <= longest) return null;
  return new Fault('invalid_event', path, `expected a string of 1 to ${longest} characters`);
}

function checkPayload(raw: RawEvent, context: ValidationContext): CountableEvent | Fault {
  const { suspicions, now } = context;
  const unicode = suspicions.unicode ? checkNames(raw) : null;
  if (unicode) return unicode;
  const type = context.types.get(raw.type as string);
  if (!type) return new Fault('unknown_type', '/type', `unknown event type ${JSON.stringify(raw.type)}`);
  const ts = instantOf(raw.ts, context);
  if (ts instanceof Fault) return ts;
  const payload = (raw.payload ?? {}) as Record<string, unknown>;
  const odd = checkValue(payload, '/payload', suspicions);
  if (odd) return odd;
  const payloadJson = JSON.stringify(payload);
  // Before the schema, whose cost grows with the payload and which an organization may have written.
  if (payloadJson.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(payloadJson) > MAX_EVENT_BYTES) {
    return new Fault('event_too_large', '', `an event takes at most ${MAX_EVENT_BYTES} bytes`);
  }
  const fault = type.check(payload);
  if (fault) return fault;
  return {
    id: (raw.id as string | null | undefined) ?? newEventId(now),
    ts,
    type: raw.type as string,
    userId: (raw.user_id as string | null | undefined) ?? null,
    sessionId: (raw.session_id as string | null | undefined) ?? null,
    src: (raw.src as string | null | undefined) ?? null,
    payloadJson,
    ...type.count(payload),
  };
}

function checkNames(raw: RawEvent): Fault | null {
  for (const field of ['id', 'type', 'user_id', 'session_id', 'src'] as const) {
    const value = raw[field];
    const fault = typeof value === 'string' ? checkText(value, `/${field}`) : null;
    if (fault) return fault;
  }
  return null;
}

function instantOf(ts: unknown, { now, retention }: ValidationContext): number | Fault {
  if (ts === undefined || ts === null) return now;
  const instant = typeof ts === 'string' ? parseInstant(ts) : null;
  if (instant === null) {
    return new Fault('invalid_event', '/ts', 'expected an RFC 3339 instant such as 2026-01-31T12:00:00.000Z');
  }
  if (instant < now - retention) return new Fault('ts_out_of_range', '/ts', 'older than events are kept');
  if (instant > now + AHEAD_MS) return new Fault('ts_out_of_range', '/ts', 'more than 24 hours ahead');
  return instant;
}
