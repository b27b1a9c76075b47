import type { EventType } from './event-type.js';

/** A session began. */
export const sessionStart: EventType = {
  name: 'session_start',
  description: 'A session began, on what device and platform.',
  schema: {
    type: 'object',
    properties: {
      device_type: { type: 'string', maxLength: 255 },
      platform: { type: 'string', maxLength: 255 },
      app_version: { type: 'string', maxLength: 64 },
    },
    additionalProperties: true,
    examples: [{ device_type: 'desktop', platform: 'linux', app_version: '2.4.1' }],
  },
  dimensions: ['device_type', 'platform', 'app_version'],
  measures: [],
  session: { device: 'device_type' },
};
