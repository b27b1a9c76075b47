import { isUtf8 } from 'node:buffer';
import { Problem } from '../../http/problem.js';
import { MAX_EVENT_BYTES } from '../validate/validate-event.js';
import { decodeText } from './decode-text.js';
import { parsingCost } from './parsing-cost.js';
import { RefusedEvent } from './refused-event.js';
import { kindOf, splitJson } from './split-json.js';

/** Bodies up to here are parsed as a whole without a look: the worst of them takes 70 ms. */
const WHOLE_BYTES = 256 * 1024;
/** Larger ones are, too, when at worst they take this long; one by one, usual events take half as long again. */
const WHOLE_MS = 70;
/** What stands in a body for one event is not even parsed when it is longer than this. */
export const MAX_SOURCE_BYTES = 4 * MAX_EVENT_BYTES;
/** Fields of an envelope beside its lists of events. */
const MAX_FIELDS = 100;

/** One element of a large list, not parsed yet. */
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
 * Parses a body as JSON. Of one that may take long only the outermost level: its events stay
 * `UnparsedEvent`s, to be parsed one by one, for while JSON.parse is busy nobody else is served.
 * @param lists fields of an outermost object that hold lists of events
 * @throws Problem 400 `malformed_json`, 413 `batch_too_large`
 */
export function parseJson(body: Buffer, maxEvents: number, lists: readonly string[] = []): unknown {
  return body.length <= WHOLE_BYTES || isQuick(body)
    ? parseWhole(body)
    : parseOutermost(body, maxEvents, lists);
}

/**
 * Parses the outermost level alone. A body that is no list and has none is one event, whatever it is.
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

/** What is not UTF-8 takes long to decode: 0.2 ms for each KiB of stray bytes. */
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

/** An object with lists of events in it; null when it has none: then it is one event itself. */
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

/** Of a list that is none of events it is enough to know that it is there. */
function otherField(value: Buffer): unknown {
  if (value.length <= MAX_SOURCE_BYTES) return parseWhole(value);
  return kindOf(value) === 'array' ? [] : {};
}

const malformed = (why: string) =>
  new Problem(400, 'malformed_json', `The body is not JSON: ${why.toWellFormed()}`);

export const tooLargeEvent = () =>
  new RefusedEvent('event_too_large', '', `an event takes at most ${MAX_EVENT_BYTES} bytes`);

/** More events than one request may hold. */
export const batchTooLarge = (maxEvents: number) =>
  new Problem(413, 'batch_too_large', `A request holds at most ${maxEvents} events.`);
