import { RefusedEvent } from '../decode/refused-event.js';
import { nativeEventSchema, nativeExample, oneOrMany } from './body-schema.js';
import { type Dialect } from './dialect.js';
import { eachEvent, eventList, listLimit } from './event-list.js';
import { isJsonObject } from './json-object.js';
import { ndjsonEvents } from './ndjson.js';

const NDJSON = 'application/x-ndjson';
const limitOfJson = listLimit('events');

/** Events as they are: one, an array, `{"events": []}` or a line each. */
export const nativeEventsDialect: Dialect = {
  method: 'POST',
  path: '/v1/events',
  summary: 'Take events: one, an array, an envelope, or a line each.',
  description: 'The envelope is `{"events": []}`. NDJSON has one event a line.',
  bodySchema: oneOrMany(nativeEventSchema, 'events'),
  example: nativeExample,
  limit: (request) => (request.contentType === NDJSON ? 'batch' : limitOfJson(request)),
  mediaTypes: [NDJSON],
  decode({ body, contentType, maxEvents }) {
    if (contentType === NDJSON) return ndjsonEvents(body, maxEvents);
    return eachEvent(eventList(body, maxEvents, 'events'), (event) =>
      isJsonObject(event) ? event : new RefusedEvent('invalid_event', '', 'expected an object'),
    );
  },
};
