import { isUtf8 } from 'node:buffer';
import { Problem } from '../../http/problem.js';
import { MAX_EVENT_BYTES } from '../validate/validate-event.js';
import { decodeText } from './decode-text.js';
import { parsingCost } from './parsing-cost.js';
import { RefusedEvent } from './refused-event.js';
import { kindOf, splitJson } from './split-json.js';

/** Bodies up to this size are always parsed whole: the worst case takes 70 ms. */
const WHOLE_BYTES = 256 * 1024;
/** Larger ones are parsed whole if the worst case is below this: event by event costs half as much again. */
const WHOLE_MS = 70;
/** An event whose source is longer than this is refused without being parsed. */
export const MAX_SOURCE_BYTES = 4 * MAX_EVENT_BYTES;
/** Most fields of an envelope beside its lists of events. */
const MAX_FIELDS = 100;

/** An unparsed element of a large list. */
export class UnparsedEvent {
  constructor(private readonly bytes: Buffer) {}

  /**
   * @returns its value, or a refusal when it is too large to be an event
   * @throws Problem 400 `malformed_json`
   */
  parse(): unknown {
    if (this.bytes.length <= MAX_SOURCE_BYTES) return parseWhole(this.bytes);
    return tooLargeEvent();
  }
}

/**
 * Parses a body as JSON. If that may take long, only the outermost level is parsed: its events stay
 * `UnparsedEvent`s, so that other requests are served between them.
 * @param lists fields of the outermost object that contain lists of events
 * @throws Problem 400 `malformed_json`, 413 `batch_too_large`
 */
export function parseJson(body: Buffer, maxEvents: number, lists: readonly string[] = []): unknown {
  return body.length <= WHOLE_BYTES || isQuick(body)
    ? parseWhole(body)
    : parseOutermost(body, maxEvents, lists);
}

/**
 * Parses only the outermost level. A body without a list counts as one event.
 * @throws Problem as `parseJson`
 */
export function parseOutermost(body: Buffer, maxEvents: number, lists: readonly string[] = []): unknown {
  switch (kindOf(body)) {
    case 'array':
      return unparsedList(body, maxEvents);
    case 'object':
      return envelope(body, maxEvents, lists) ?? new UnparsedEvent(body);
    case 'scalar':
      return new UnparsedEvent(body);
    default:
      throw malformed('no value starts like this');
  }
}

/** Invalid UTF-8 is slow to decode: 0.2 ms for each KiB of stray bytes. */
const isQuick = (body: Buffer) => isUtf8(body) && parsingCost(body) <= WHOLE_MS;

function parseWhole(bytes: Buffer): unknown {
  try {
    return JSON.parse(decodeText(bytes));
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

function unparsedList(bytes: Buffer, maxEvents: number): UnparsedEvent[] {
  const list: UnparsedEvent[] = [];
  const complete = splitJson(bytes, ({ value }) => {
    if (list.push(new UnparsedEvent(value)) > maxEvents) throw batchTooLarge(maxEvents);
    return true;
  });
  if (!complete) throw malformed('it does not end where its list does');
  return list;
}

/** An object with lists of events; null when it has none and is itself an event. */
function envelope(body: Buffer, maxEvents: number, names: readonly string[]): object | null {
  if (names.length === 0) return null;
  const lists: Record<string, UnparsedEvent[]> = {};
  const others: [string, Buffer][] = [];
  const complete = splitJson(body, ({ key, value }) => {
    const name = nameOf(key);
    if (names.includes(name) && kindOf(value) === 'array') lists[name] = unparsedList(value, maxEvents);
    else others.push([name, value]);
    return others.length <= MAX_FIELDS;
  });
  if (!complete) throw malformed('it does not end where its object does');
  if (Object.keys(lists).length === 0) return null;
  if (others.length > MAX_FIELDS) throw new Problem(400, 'invalid_body', 'The body has too many fields.');
  return { ...Object.fromEntries(others.map(([name, value]) => [name, otherField(value)])), ...lists };
}

function nameOf(key: Buffer | undefined): string {
  const name = key && key.length <= MAX_SOURCE_BYTES ? parseWhole(key) : undefined;
  if (typeof name !== 'string') throw malformed('a field has no name');
  return name;
}

/** A large field without events is replaced by an empty value: only its kind matters. */
function otherField(value: Buffer): unknown {
  if (value.length <= MAX_SOURCE_BYTES) return parseWhole(value);
  return kindOf(value) === 'array' ? [] : {};
}

const malformed = (why: string) =>
  new Problem(400, 'malformed_json', `The body is not valid JSON: ${why.toWellFormed()}`);

/** Refuses one event because of its size. */
export const tooLargeEvent = () =>
  new RefusedEvent('event_too_large', '', `an event takes at most ${MAX_EVENT_BYTES} bytes`);

/** 413: more events than one request may contain. */
export const batchTooLarge = (maxEvents: number) =>
  new Problem(413, 'batch_too_large', `A request may contain at most ${maxEvents} events.`);
