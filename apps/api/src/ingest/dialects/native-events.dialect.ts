import { RefusedEvent } from '../decode/refused-event.js';
import { jsonBody, lineBodies, nativeEventSchema, nativeExample, oneOrMany } from './body-schema.js';
import { type Dialect } from './dialect.js';
import { eachEvent, eventList, listLimit } from './event-list.js';
import { isJsonObject } from './json-object.js';
import { isNdjson, NDJSON_TYPES, ndjsonEvents } from './ndjson.js';

const limitOfJson = listLimit('events');

/** Native events: one, an array, `{"events": []}`, or one per line. */
export const nativeEventsDialect: Dialect = {
  path: '/v1/events',
  summary: 'Accepts events: one, an array, an envelope, or one per line.',
  description: 'The envelope is `{"events": []}`. NDJSON has one event per line.',
  bodies: {
    ...jsonBody(oneOrMany(nativeEventSchema, 'events'), nativeExample),
    ...lineBodies(NDJSON_TYPES, nativeExample),
  },
  limit: (request) => (isNdjson(request) ? 'batch' : limitOfJson(request)),
  decode(request) {
    const { body, maxEvents } = request;
    if (isNdjson(request)) return ndjsonEvents(body, maxEvents);
    return eachEvent(eventList(body, maxEvents, 'events'), (event) =>
      isJsonObject(event) ? event : new RefusedEvent('invalid_event', '', 'expected an object'),
    );
  },
};
