import { deviceMetric } from '#catalog';
import { field, flatExample, flatSchema, oneOrMany } from './body-schema.js';
import type { Dialect, IngestRequest } from './dialect.js';
import { eachEvent, eventList } from './event-list.js';
import { mapEvent, mappedPath, mapping } from './map-event.js';

// A device is no user: a reading's user_id, if any, is payload.
const reading = mapping(deviceMetric, { id: ['id'], ts: ['timestamp', 'ts'], src: ['src'] });
const example = flatExample(deviceMetric);
const schema = flatSchema(deviceMetric, { timestamp: field.instant });

function decode({ body, maxEvents }: IngestRequest) {
  return eachEvent(eventList(body, maxEvents, 'metrics'), (item) => mapEvent(item, reading));
}

/** Device metrics: one reading. */
export const deviceMetricDialect: Dialect = {
  method: 'POST',
  path: '/api/v1/aggregator/metrics',
  summary: 'Take one reading of a device.',
  bodySchema: schema,
  example,
  limit: 'single',
  decode,
  clientPath: mappedPath,
};

/** Device metrics: many readings. */
export const deviceMetricsBatchDialect: Dialect = {
  method: 'POST',
  path: '/api/v1/aggregator/metrics/batch',
  summary: 'Take readings: an array, or an envelope.',
  description: 'The envelope is `{"metrics": []}`.',
  bodySchema: oneOrMany(schema, 'metrics'),
  example: [example],
  limit: 'batch',
  decode,
  clientPath: mappedPath,
};
