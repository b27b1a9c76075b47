import type { EventType, RawEvent } from '#catalog';
import { RefusedEvent } from '../decode/refused-event.js';
import { isJsonObject, type JsonObject, ownField } from './json-object.js';

type NativeField = 'id' | 'ts' | 'user_id' | 'session_id' | 'src';

/** The client's names for each native field; the first one present wins. */
export type ClientFields = Readonly<Partial<Record<NativeField, readonly string[]>>>;

/** One field of a client's object that may contain a native field. */
interface Place {
  readonly native: NativeField;
  /** As in a JSON pointer, without the leading slash. */
  readonly name: string;
  readonly outer: string;
  readonly inner?: string;
}

/** How a dialect's flat object becomes a native event. */
export interface Mapping {
  readonly type: EventType;
  /** In order of preference. */
  readonly places: readonly Place[];
  /** Fields in which null means absent. */
  readonly known: ReadonlySet<string>;
}

/** An instant for the whole request, and where the client gave it. */
export interface SharedInstant {
  readonly ts: unknown;
  readonly pointer: string;
}

// A symbol, so that serialization and validation ignore it.
const mappedFrom = Symbol('mapped from');

interface MappedEvent extends RawEvent {
  readonly [mappedFrom]: { readonly at: string; readonly pointers: JsonObject };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * How a dialect's object becomes an event of a type.
 * @param fields names such as `context/session_id` look one object deeper; that object stays whole in the payload
 */
export function mapping(type: EventType, fields: ClientFields): Mapping {
  // Split once, not for every event.
  const places = (Object.entries(fields) as [NativeField, readonly string[]][]).flatMap(([native, names]) =>
    names.map((name): Place => {
      const [outer, inner] = name.split('/') as [string, string?];
      return { native, name, outer, inner };
    }),
  );
  const declared = Object.keys(type.schema.properties as object);
  return { type, places, known: new Set([...declared, ...places.map((place) => place.name)]) };
}

function lookUp(source: JsonObject, { outer, inner }: Place): unknown {
  const value = ownField(source, outer);
  if (inner === undefined) return value;
  return isJsonObject(value) ? ownField(value, inner) : undefined;
}

/** The fields that are left for the payload. */
function without(source: JsonObject, used: readonly string[], known: ReadonlySet<string>): JsonObject {
  const rest: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (used.includes(key) || (value === null && known.has(key))) continue;
    // Assigning would set the prototype, and hide the key from validation, which refuses it.
    if (key === '__proto__') Object.defineProperty(rest, key, { value, enumerable: true });
    else rest[key] = value;
  }
  return rest;
}

/**
 * Converts a client's flat object to a native event. Fields that are not mapped go into the payload,
 * including unknown ones.
 * @param at JSON pointer to the object within the client's body, if rejections should show it
 * @param shared the instant of events without their own
 */
export function mapEvent(
  source: unknown,
  { type, places, known }: Mapping,
  at = '',
  shared?: SharedInstant,
): RawEvent | RefusedEvent {
  if (!isJsonObject(source)) return new RefusedEvent('invalid_event', at, 'expected an object');
  const pointers: Partial<Record<NativeField, string>> = {};
  const event: Writable<MappedEvent> = { type: type.name, [mappedFrom]: { at, pointers } };
  const used: string[] = [];
  for (const place of places) {
    if (event[place.native] !== undefined) continue;
    const value = lookUp(source, place);
    if (value === undefined) continue;
    event[place.native] = value;
    pointers[place.native] = `${at}/${place.name}`;
    if (place.inner === undefined) used.push(place.name);
  }
  if (shared?.ts !== undefined && event.ts === undefined) {
    event.ts = shared.ts;
    pointers.ts = shared.pointer;
  }
  event.payload = without(source, used, known);
  return event;
}

/** `clientPath` for events made by `mapEvent`. */
export function mappedPath(pointer: string, event: RawEvent): string {
  const from = (event as Partial<MappedEvent>)[mappedFrom];
  if (!from) return pointer;
  if (pointer === '/payload' || pointer.startsWith('/payload/')) {
    return from.at + pointer.slice('/payload'.length);
  }
  const own = ownField(from.pointers, pointer.slice(1));
  return typeof own === 'string' ? own : from.at + pointer;
}
