import { type IngestFormat, RefusedEvent } from '../ingest-format.js';
import { nativeEventSchema, oneOrMany } from './body-schema.js';
import { eachEvent, eventList } from './event-list.js';
import { isJsonObject } from './json-object.js';
import { ndjsonEvents } from './ndjson.js';

/** Events as they are: one, an array, `{"events": []}` or a line each. */
export const nativeEventsFormat: IngestFormat = {
  method: 'POST',
  path: '/v1/events',
  summary: 'Take one event, an array of them, `{"events": []}`, or NDJSON with one event per line.',
  bodySchema: oneOrMany(nativeEventSchema, 'events'),
  limit: 'batch',
  mediaTypes: ['application/x-ndjson'],
  decode({ body, contentType, maxEvents }) {
    if (contentType === 'application/x-ndjson') return ndjsonEvents(body, maxEvents);
    return eachEvent(eventList(body, maxEvents, 'events'), (event) =>
      isJsonObject(event) ? event : new RefusedEvent('invalid_event', '', 'expected an object'),
    );
  },
};
