import { IngestProblem } from '../ingest-format.js';
import { isJsonObject, ownField } from './json-object.js';

/**
 * The events of a body that holds one, an array of them, or an array in an envelope.
 * @param envelope the envelope's field that holds the array
 * @throws IngestProblem 400 when the envelope holds something else, or as `checkCount`
 */
export function eventList(body: unknown, envelope?: string): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (envelope === undefined || !isJsonObject(body)) return [body];
  const list = ownField(body, envelope);
  if (list === undefined) return [body];
  if (!Array.isArray(list)) throw new IngestProblem(400, 'invalid_body', `"${envelope}" must be an array.`);
  return list;
}

/**
 * Refuses empty requests and, before any event is looked at, ones with too many.
 * @throws IngestProblem 400 `no_events`, 413 `batch_too_large`
 */
export function checkCount(count: number, maxEvents: number): void {
  if (count === 0) throw new IngestProblem(400, 'no_events', 'The body holds no events.');
  if (count > maxEvents) {
    throw new IngestProblem(413, 'batch_too_large', `A request holds at most ${maxEvents} events.`);
  }
}
