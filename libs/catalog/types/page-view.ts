import type { EventType } from './event-type.js';

/** A page was viewed in a browser, or a request was written to a web server's access log. */
export const pageView: EventType = {
  name: 'page_view',
  description: 'A page was viewed, or served: web server access logs fit too.',
  schema: {
    type: 'object',
    properties: {
      page: { type: 'string', maxLength: 2048 },
      title: { type: 'string', maxLength: 1024 },
      referrer: { type: 'string', maxLength: 2048 },
      // Wider than 100–599: servers log their own codes, and 0 where no answer was sent.
      status: { type: 'integer', minimum: 0, maximum: 999 },
      bytes: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      duration_ms: { type: 'number', minimum: 0, maximum: 86_400_000 },
    },
    additionalProperties: true,
    examples: [
      { page: '/pricing', title: 'Pricing', referrer: 'https://example.org/' },
      { page: '/index.html', referrer: '-', status: 200, bytes: 5120, duration_ms: 12.5 },
    ],
  },
  // No referrer here: every link on the web would be its own series.
  dimensions: ['page', 'status'],
  measures: ['bytes', 'duration_ms'],
};
