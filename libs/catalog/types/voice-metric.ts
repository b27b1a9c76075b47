import type { EventType } from './event-type.js';

/** A stretch of a voice session. */
export const voiceMetric: EventType = {
  name: 'voice_metric',
  view: 'user_metrics',
  description: 'A stretch of a voice session: seconds talked, on what device, in what mood.',
  schema: {
    type: 'object',
    properties: {
      talked_time: { type: 'integer', minimum: 0, maximum: 31_536_000 },
      microphone_used: { type: 'boolean' },
      speaker_used: { type: 'boolean' },
      // Some recognisers name a mood, others score it.
      voice_sentiment: {
        anyOf: [
          { type: 'string', maxLength: 64 },
          { type: 'number', minimum: -1000, maximum: 1000 },
        ],
      },
      device_type: { type: 'string', maxLength: 255 },
    },
    required: ['talked_time'],
    additionalProperties: true,
    examples: [
      {
        talked_time: 95,
        microphone_used: true,
        speaker_used: false,
        voice_sentiment: 'positive',
        device_type: 'mobile',
      },
    ],
  },
  dimensions: ['microphone_used', 'speaker_used', 'voice_sentiment', 'device_type'],
  measures: ['talked_time'],
  session: { talkedTime: 'talked_time', device: 'device_type' },
};
