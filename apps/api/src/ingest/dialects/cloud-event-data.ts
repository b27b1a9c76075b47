import { mediaTypeOf } from '../../http/body-rules.js';
import { Problem } from '../../http/problem.js';
import { decodeText } from '../decode/decode-text.js';
import { MAX_SOURCE_BYTES, tooLargeEvent, UnparsedEvent } from '../decode/parse-json.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { isJsonObject, type JsonObject, ownField } from './json-object.js';

/** A CloudEvent's data as a payload. */
export interface EventData {
  readonly payload: JsonObject;
  /** The data is not an object, and is in the payload under its name in the JSON format. */
  readonly isWrapped: boolean;
}

const NO_DATA: EventData = { payload: {}, isWrapped: false };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const JSON_TYPE = /^(?:(?:application|text)\/json|[^/]+\/[^/]+\+json)$/;
const TEXT_TYPE = /^(?:text\/.+|[^/]+\/(?:.+\+)?xml)$/;

/**
 * The data of an event in the JSON format.
 * @param contentType its `datacontenttype`
 */
export function jsonFormatData(event: JsonObject, contentType: string | undefined): EventData | RefusedEvent {
  const value = ownField(event, 'data');
  const base64 = ownField(event, 'data_base64');
  if (base64 === undefined) return dataOfValue(value);
  if (value !== undefined) return refused('/data_base64', 'data and data_base64 exclude each other');
  if (typeof base64 !== 'string' || !BASE64.test(base64)) return refused('/data_base64', 'expected base64');
  if (contentType === undefined) return wrapped({ data_base64: base64 });
  try {
    return dataOfBytes(Buffer.from(base64, 'base64'), mediaTypeOf(contentType));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return refused('/data_base64', error.message);
  }
}

/**
 * Data as bytes: JSON is parsed, text is kept as text, everything else as base64.
 * @param mediaType lower case, without parameters; empty: JSON
 * @throws Problem 400 `malformed_json`
 */
export function dataOfBytes(bytes: Buffer, mediaType: string): EventData | RefusedEvent {
  if (bytes.length === 0) return NO_DATA;
  if (bytes.length > MAX_SOURCE_BYTES) return tooLargeEvent();
  if (mediaType === '' || JSON_TYPE.test(mediaType)) return dataOfValue(new UnparsedEvent(bytes).parse());
  if (TEXT_TYPE.test(mediaType)) return wrapped({ data: decodeText(bytes) });
  return wrapped({ data_base64: bytes.toString('base64') });
}

function dataOfValue(value: unknown): EventData | RefusedEvent {
  if (value === undefined || value === null) return NO_DATA;
  if (value instanceof RefusedEvent) return value;
  return isJsonObject(value) ? { payload: value, isWrapped: false } : wrapped({ data: value });
}

const wrapped = (payload: JsonObject): EventData => ({ payload, isWrapped: true });
const refused = (path: string, message: string) => new RefusedEvent('invalid_event', path, message);
