import { count, described, listOf, record, text } from '../../http/openapi/schema.js';
import type { DeviceSummary } from './device-summary.js';

const number = { type: 'number' };

/** Answer of `GET /api/v1/reports/summary`. */
export const deviceSummarySchema = record<{ time_range: number; data: readonly DeviceSummary[] }>(
  'DeviceSummaries',
  {
    time_range: described({ type: 'integer' }, 'Hours.'),
    data: listOf(
      record<DeviceSummary>('DeviceSummary', {
        ...{ device_name: text, metric_name: text, count, avg: number, min: number, max: number },
        last: described(number, 'The latest reading.'),
      }),
    ),
  },
);
