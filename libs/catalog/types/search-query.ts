import type { EventType } from './event-type.js';

/** Someone searched. */
export const searchQuery: EventType = {
  name: 'search_query',
  view: 'search_queries',
  description: 'A search was made, where, how many results it found and how long it took.',
  schema: {
    type: 'object',
    properties: {
      query: { type: 'string', maxLength: 4096 },
      category: { type: 'string', maxLength: 255 },
      results_count: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      duration_ms: { type: 'number', minimum: 0, maximum: 86_400_000 },
    },
    additionalProperties: true,
    examples: [{ query: 'exactly once', category: 'docs', results_count: 12, duration_ms: 35 }],
  },
  // No query text here: nearly every query would be its own series.
  dimensions: ['category'],
  measures: ['results_count', 'duration_ms'],
};
