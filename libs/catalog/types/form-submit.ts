import type { EventType } from './event-type.js';

/** A form was submitted. */
export const formSubmit: EventType = {
  name: 'form_submit',
  view: 'form_submissions',
  description: 'A form was submitted, whether it went through, and how long it took to fill in.',
  schema: {
    type: 'object',
    properties: {
      form_id: { type: 'string', maxLength: 255 },
      page: { type: 'string', maxLength: 2048 },
      success: { type: 'boolean' },
      field_count: { type: 'integer', minimum: 0, maximum: 100_000 },
      duration_ms: { type: 'number', minimum: 0, maximum: 86_400_000 },
    },
    additionalProperties: true,
    examples: [{ form_id: 'contact', page: '/contact', success: true, field_count: 4, duration_ms: 31_000 }],
  },
  dimensions: ['form_id', 'page', 'success'],
  measures: ['field_count', 'duration_ms'],
};
