import { described, record, text } from '../http/openapi/schema.js';
import type { DailyMetric } from './daily-metrics.read-model.js';

/** A figure of one day in API responses. */
export const dailyMetricSchema = record<DailyMetric>('DailyMetric', {
  day: described({ type: 'string', format: 'date' }, "In the organization's time zone."),
  name: { ...text, examples: ['events'] },
  dimensions: {
    type: 'object',
    additionalProperties: { type: ['string', 'null'] },
    description: 'Empty for the total. `__rest__` stands for all values after the first 100.',
    examples: [{ type: 'page_view' }],
  },
  value: { type: 'number', examples: [1250] },
});
