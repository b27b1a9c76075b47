import type { EventType } from './event-type.js';

/** One reading of a device. */
export const deviceMetric: EventType = {
  name: 'device_metric',
  description: 'One reading of a named metric on a device.',
  schema: {
    type: 'object',
    properties: {
      device_name: { type: 'string', minLength: 1, maxLength: 255 },
      metric_name: { type: 'string', minLength: 1, maxLength: 255 },
      // Byte counters grow large; past 2^53 a double no longer counts by one.
      value: { type: 'number', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      unit: { type: 'string', maxLength: 64 },
      metadata: { type: 'object', additionalProperties: true },
    },
    required: ['device_name', 'metric_name', 'value'],
    additionalProperties: true,
    examples: [{ device_name: 'web-1', metric_name: 'cpu_usage', value: 41.5, unit: 'percent' }],
  },
  dimensions: ['device_name', 'metric_name', 'unit'],
  measures: ['value'],
};
