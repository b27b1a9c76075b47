import { count, record } from '../../http/openapi/schema.js';
import { nativeEventSchema, nativeExample, oneOrMany } from './body-schema.js';
import type { Dialect } from './dialect.js';
import { nativeEventsDialect } from './native-events.dialect.js';

/** Product analytics: native events of the types the organization allows, all or nothing. */
export const analyticsIngestDialect: Dialect = {
  method: 'POST',
  path: '/api/analytics/ingest',
  summary: 'Take one event or an array of them, all or nothing.',
  bodySchema: oneOrMany(nativeEventSchema),
  example: nativeExample,
  limit: nativeEventsDialect.limit,
  acceptance: 'all',
  restrictable: true,
  decode: (request) => nativeEventsDialect.decode(request),
  answer: {
    status: 200,
    description: 'Taken, every one of them.',
    schema: record<{ ingested: number }>('Ingested', { ingested: count }),
    bodyOf: ({ accepted }) => ({ ingested: accepted }),
  },
};
