import { deviceMetric } from '#catalog';
import { field, flatExample, flatSchema, jsonBody, oneOrMany } from './body-schema.js';
import type { Dialect } from './dialect.js';
import { eachEvent, eventList } from './event-list.js';
import type { IngestRequest } from './ingest-request.js';
import { mapEvent, mappedPath, mapping } from './map-event.js';

// A device is not a user: a reading's `user_id`, if any, stays in the payload.
const reading = mapping(deviceMetric, { id: ['id'], ts: ['timestamp', 'ts'], src: ['src'] });
const example = flatExample(deviceMetric);
const schema = flatSchema(deviceMetric, { timestamp: field.instant });

function decode({ body, maxEvents }: IngestRequest) {
  return eachEvent(eventList(body, maxEvents, 'metrics'), (item) => mapEvent(item, reading));
}

/** Device metrics: one reading. */
export const deviceMetricDialect: Dialect = {
  path: '/api/v1/aggregator/metrics',
  summary: 'Accepts one reading of a device.',
  bodies: jsonBody(schema, example),
  limit: 'single',
  decode,
  clientPath: mappedPath,
};

/** Device metrics: many readings. */
export const deviceMetricsBatchDialect: Dialect = {
  path: '/api/v1/aggregator/metrics/batch',
  summary: 'Accepts readings: an array, or an envelope.',
  description: 'The envelope is `{"metrics": []}`.',
  bodies: jsonBody(oneOrMany(schema, 'metrics'), [example]),
  limit: 'batch',
  decode,
  clientPath: mappedPath,
};
