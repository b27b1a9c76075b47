import type { RawEvent } from '#catalog';
import { Problem } from '../../http/problem.js';
import { UnparsedEvent } from '../decode/parse-json.js';
import { RefusedEvent } from '../decode/refused-event.js';
import type { IngestRequest } from './ingest-request.js';
import { isJsonObject } from './json-object.js';
import { eventLines, type Line } from './lines.js';

/** Media types that clients use for one JSON object per line; none of them is registered. */
export const NDJSON_TYPES = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/jsonlines',
];

export const isNdjson = ({ contentType }: Pick<IngestRequest, 'contentType'>) =>
  NDJSON_TYPES.includes(contentType);

/**
 * The events of a body with one JSON object per line. An invalid line is refused alone.
 * @throws Problem as `eventLines`
 */
export function* ndjsonEvents(body: Buffer, maxEvents: number): Generator<RawEvent | RefusedEvent> {
  for (const line of eventLines(body, maxEvents)) yield parseLine(line);
}

function parseLine({ bytes, number }: Line): RawEvent | RefusedEvent {
  try {
    const value = new UnparsedEvent(bytes).parse();
    if (value instanceof RefusedEvent || isJsonObject(value)) return value;
    return new RefusedEvent('invalid_event', '', 'expected an object');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return new RefusedEvent('invalid_event', '', `line ${number} cannot be read. ${error.message}`);
  }
}
