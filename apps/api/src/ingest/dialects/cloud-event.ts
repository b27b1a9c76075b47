import { createHash } from 'node:crypto';
import type { RawEvent } from '#catalog';
import { checkText } from '../../http/input/check-value.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { MAX_ID, MAX_NAME } from '../validate/validate-event.js';
import type { EventData } from './cloud-event-data.js';
import { type JsonObject, ownField } from './json-object.js';

// A symbol, so that serialization and validation ignore it.
const isWrapped = Symbol('the data is wrapped');

interface MappedEvent extends RawEvent {
  readonly [isWrapped]: boolean;
}

const VERSION = '1.0';
const REQUIRED = ['specversion', 'id', 'source', 'type'] as const;
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '/ts': '/time',
  '/user_id': '/subject',
  '/session_id': '/sessionid',
  '/src': '/source',
};

/**
 * Converts a CloudEvent 1.0 to an event. Attributes without a field in an event are dropped.
 * @param attributes by name, unchecked
 * @param data called once the attributes are valid
 */
export function cloudEvent(
  attributes: JsonObject,
  data: () => EventData | RefusedEvent,
): RawEvent | RefusedEvent {
  const fault = faultyAttribute(attributes);
  if (fault) return fault;
  const { id, source, type } = attributes as { id: string; source: string; type: string };
  const found = data();
  if (found instanceof RefusedEvent) return found;
  const event: MappedEvent = {
    id: eventIdOf(source, id),
    ts: ownField(attributes, 'time'),
    type,
    user_id: ownField(attributes, 'subject'),
    session_id: ownField(attributes, 'sessionid'),
    src: source.length <= MAX_NAME ? source : undefined,
    payload: found.payload,
    [isWrapped]: found.isWrapped,
  };
  return event;
}

/** `clientPath` for events made by `cloudEvent`: pointers into the event in the JSON format. */
export function cloudEventPath(pointer: string, event: RawEvent): string {
  const attribute = ATTRIBUTES[pointer];
  if (attribute !== undefined) return attribute;
  if (pointer !== '/payload' && !pointer.startsWith('/payload/')) return pointer;
  const within = pointer.slice('/payload'.length);
  const isNamed = (event as MappedEvent)[isWrapped] && /^\/data(_base64)?(\/|$)/.test(within);
  return isNamed ? within : `/data${within}`;
}

/**
 * The event id for a source and an id, which only together identify a CloudEvent: both joined by a space, or
 * their SHA-256 when that is too long. A source is a URI reference and contains no space; if one does, the
 * digest is used as well. So different pairs never get the same id.
 */
export function eventIdOf(source: string, id: string): string {
  const both = `${source} ${id}`;
  if (both.length <= MAX_ID && !source.includes(' ')) return both;
  return `sha256:${createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url')}`;
}

function faultyAttribute(attributes: JsonObject): RefusedEvent | undefined {
  for (const name of REQUIRED) {
    const value = ownField(attributes, name);
    const path = `/${name}`;
    if (value === undefined) return refused(path, `the attribute ${name} is missing`);
    if (typeof value !== 'string' || value === '')
      return refused(path, `${name} must be text, and not empty`);
    if (name === 'specversion' && value !== VERSION) return refused(path, `specversion must be ${VERSION}`);
    // Checked here, because a digest would hide it.
    const fault = checkText(value, path);
    if (fault) return new RefusedEvent(fault.code, fault.path, fault.message);
  }
  return undefined;
}

const refused = (path: string, message: string) => new RefusedEvent('invalid_event', path, message);
