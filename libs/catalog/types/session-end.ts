import type { EventType } from './event-type.js';

/** A session ended. */
export const sessionEnd: EventType = {
  name: 'session_end',
  description: 'A session ended, why, and how long the client says it lasted.',
  schema: {
    type: 'object',
    properties: {
      reason: { type: 'string', maxLength: 255 },
      duration_ms: { type: 'number', minimum: 0, maximum: 31_536_000_000 },
      device_type: { type: 'string', maxLength: 255 },
    },
    additionalProperties: true,
    examples: [{ reason: 'logout', duration_ms: 1_800_000 }],
  },
  dimensions: ['reason', 'device_type'],
  measures: ['duration_ms'],
  session: { device: 'device_type', ends: true },
};
