import type { EventType } from './event-type.js';

/** A running session's device or platform changed; unlike `session_end` it leaves the session open. */
export const sessionUpdate: EventType = {
  name: 'session_update',
  description: 'A running session changed its device or platform.',
  schema: {
    type: 'object',
    properties: {
      device_type: { type: 'string', maxLength: 255 },
      platform: { type: 'string', maxLength: 255 },
    },
    additionalProperties: true,
    examples: [{ device_type: 'tablet', platform: 'android' }],
  },
  dimensions: ['device_type', 'platform'],
  measures: [],
  session: { device: 'device_type' },
};
