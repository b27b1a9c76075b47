import type { EventType } from './event-type.js';

/** One reading of a productivity score. */
export const productivityMetric: EventType = {
  name: 'productivity_metric',
  description: 'One reading of a named productivity metric.',
  schema: {
    type: 'object',
    properties: {
      metric_type: { type: 'string', minLength: 1, maxLength: 255 },
      metric_value: { type: 'number', minimum: -1e15, maximum: 1e15 },
      context: { type: 'object', additionalProperties: true },
    },
    required: ['metric_type', 'metric_value'],
    additionalProperties: true,
    examples: [{ metric_type: 'productivity_score', metric_value: 87.5 }],
  },
  dimensions: ['metric_type'],
  measures: ['metric_value'],
};
