import { type IngestFormat, RefusedEvent } from '../ingest-format.js';
import { nativeEventSchema, oneOrMany } from './body-schema.js';
import { eachEvent, eventList, listLimit } from './event-list.js';
import { isJsonObject } from './json-object.js';
import { ndjsonEvents } from './ndjson.js';

const NDJSON = 'application/x-ndjson';
const limitOfJson = listLimit('events');

/** Events as they are: one, an array, `{"events": []}` or a line each. */
export const nativeEventsFormat: IngestFormat = {
  method: 'POST',
  path: '/v1/events',
  summary: 'Take one event, an array of them, `{"events": []}`, or NDJSON with one event per line.',
  bodySchema: oneOrMany(nativeEventSchema, 'events'),
  limit: (request) => (request.contentType === NDJSON ? 'batch' : limitOfJson(request)),
  mediaTypes: [NDJSON],
  decode({ body, contentType, maxEvents }) {
    if (contentType === NDJSON) return ndjsonEvents(body, maxEvents);
    return eachEvent(eventList(body, maxEvents, 'events'), (event) =>
      isJsonObject(event) ? event : new RefusedEvent('invalid_event', '', 'expected an object'),
    );
  },
};
