import type { EventType } from './event-type.js';

/** Something went wrong in the client's application. */
export const errorOccurred: EventType = {
  name: 'error_occurred',
  view: 'errors',
  description: 'An error occurred: of what kind, how severe, where.',
  schema: {
    type: 'object',
    properties: {
      error_type: { type: 'string', maxLength: 255 },
      message: { type: 'string', maxLength: 8192 },
      // HTTP and exit codes are numbers; system error names (ECONNRESET) are text.
      code: { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'integer' }] },
      severity: { type: 'string', maxLength: 64 },
      page: { type: 'string', maxLength: 2048 },
      stack: { type: 'string', maxLength: 30_000 },
    },
    additionalProperties: true,
    examples: [{ error_type: 'TypeError', message: 'x is undefined', severity: 'error', page: '/checkout' }],
  },
  // No message here: messages contain ids and addresses, and each would be its own series.
  dimensions: ['error_type', 'code', 'severity'],
  measures: [],
};
