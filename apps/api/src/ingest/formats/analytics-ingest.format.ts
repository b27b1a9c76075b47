import type { IngestFormat } from '../ingest-format.js';
import { nativeEventSchema, oneOrMany } from './body-schema.js';
import { nativeEventsFormat } from './native-events.format.js';

/** Product analytics: native events of the types the organization allows, all or nothing. */
export const analyticsIngestFormat: IngestFormat = {
  method: 'POST',
  path: '/api/analytics/ingest',
  summary: 'Take one event or an array of them, all or nothing.',
  bodySchema: oneOrMany(nativeEventSchema),
  limit: nativeEventsFormat.limit,
  acceptance: 'all',
  restrictable: true,
  decode: (request) => nativeEventsFormat.decode(request),
  respond: ({ accepted }) => ({ status: 200, body: { ingested: accepted } }),
};
