import type { EventType } from './event-type.js';

/** A video was played. */
export const videoPlay: EventType = {
  name: 'video_play',
  description: 'A video was played: from where, and for how long.',
  schema: {
    type: 'object',
    properties: {
      // Many sites number their videos.
      video_id: { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'integer' }] },
      title: { type: 'string', maxLength: 1024 },
      quality: { type: 'string', maxLength: 64 },
      position_seconds: { type: 'number', minimum: 0, maximum: 31_536_000 },
      watched_seconds: { type: 'number', minimum: 0, maximum: 31_536_000 },
    },
    additionalProperties: true,
    examples: [{ video_id: 'intro-1', quality: '1080p', position_seconds: 0, watched_seconds: 42.5 }],
  },
  dimensions: ['video_id', 'quality'],
  measures: ['position_seconds', 'watched_seconds'],
};
