import type { RawEvent } from '#catalog';
import { Problem } from '../../http/problem.js';
import { batchTooLarge, parseJson, UnparsedEvent } from '../decode/parse-json.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { kindOf } from '../decode/split-json.js';
import type { IngestLimit } from './dialect.js';
import type { IngestRequest } from './ingest-request.js';
import { isJsonObject, ownField } from './json-object.js';

/**
 * The events of a body: one, an array of them, or an array in an envelope.
 * @param envelope the envelope's field that holds the array
 * @throws Problem 400 when the envelope contains no array, or as `parseJson` and `checkCount`
 */
export function eventList(body: Buffer, maxEvents: number, envelope?: string): readonly unknown[] {
  const list = listOf(parseJson(body, maxEvents, envelope === undefined ? [] : [envelope]), envelope);
  checkCount(list.length, maxEvents);
  return list;
}

function listOf(body: unknown, envelope: string | undefined): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (envelope === undefined || !isJsonObject(body)) return [body];
  const list = ownField(body, envelope);
  if (list === undefined) return [body];
  if (!Array.isArray(list)) throw new Problem(400, 'invalid_body', `"${envelope}" must be an array.`);
  return list;
}

/**
 * Which rate limit a body for `eventList` counts against: a list is a batch, however short. Nothing is
 * parsed, because the limit protects from that cost. So an object that contains the name of the envelope
 * anywhere counts as a batch; the client gains nothing by that, since it could send a real batch.
 */
export const listLimit =
  (envelope?: string) =>
  ({ body }: Pick<IngestRequest, 'body'>): IngestLimit =>
    kindOf(body) === 'array' || (envelope !== undefined && body.includes(`"${envelope}"`))
      ? 'batch'
      : 'single';

/**
 * Yields candidates one at a time, so that a large body is parsed in slices.
 * @param at JSON pointer to the list within the client's body, if rejections should show it
 */
export function* eachEvent(
  list: readonly unknown[],
  candidate: (item: unknown, at: string) => RawEvent | RefusedEvent,
  at?: string,
): Generator<RawEvent | RefusedEvent> {
  for (let i = 0; i < list.length; i++) {
    const pointer = at === undefined ? '' : `${at}/${i}`;
    const item = list[i];
    const value = item instanceof UnparsedEvent ? item.parse() : item;
    yield value instanceof RefusedEvent
      ? new RefusedEvent(value.code, pointer, value.message)
      : candidate(value, pointer);
  }
}

/**
 * Refuses requests without events and, before any event is parsed, those with too many.
 * @throws Problem 400 `no_events`, 413 `batch_too_large`
 */
export function checkCount(count: number, maxEvents: number): void {
  if (count === 0) throw new Problem(400, 'no_events', 'The body contains no events.');
  if (count > maxEvents) throw batchTooLarge(maxEvents);
}
