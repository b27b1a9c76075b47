import { count, record } from '../../http/openapi/schema.js';
import { jsonBody, nativeEventSchema, nativeExample, oneOrMany } from './body-schema.js';
import type { Dialect } from './dialect.js';
import { json } from './dialect-answer.js';
import { nativeEventsDialect } from './native-events.dialect.js';

/** Product analytics: native events of the types the organization allows, all or nothing. */
export const analyticsIngestDialect: Dialect = {
  path: '/api/analytics/ingest',
  summary: 'Accepts one event or an array of them, all or nothing.',
  bodies: jsonBody(oneOrMany(nativeEventSchema), nativeExample),
  limit: nativeEventsDialect.limit,
  acceptance: 'all',
  restrictable: true,
  decode: (request) => nativeEventsDialect.decode(request),
  success: {
    status: 200,
    description: 'All events were accepted.',
    schema: record<{ ingested: number }>('Ingested', { ingested: count }),
    render: ({ accepted }) => json({ ingested: accepted }),
  },
};
