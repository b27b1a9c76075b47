import type { EventType } from './event-type.js';

/** A running session's facts were amended; unlike `session_end` it leaves the session open. */
export const sessionUpdate: EventType = {
  name: 'session_update',
  description: 'More became known about a session that goes on.',
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
