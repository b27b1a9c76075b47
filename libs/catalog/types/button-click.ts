import type { EventType } from './event-type.js';

/** A button was clicked. */
export const buttonClick: EventType = {
  name: 'button_click',
  description: 'A button was clicked, and on what page.',
  schema: {
    type: 'object',
    properties: {
      button_id: { type: 'string', maxLength: 255 },
      button_text: { type: 'string', maxLength: 1024 },
      page: { type: 'string', maxLength: 2048 },
    },
    additionalProperties: true,
    examples: [{ button_id: 'sign-up', button_text: 'Sign up', page: '/pricing' }],
  },
  dimensions: ['button_id', 'page'],
  measures: [],
};
