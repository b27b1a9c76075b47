import { AGGREGATION_WINDOWS } from '#config';
import {
  count,
  described,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
} from '../../http/openapi/schema.js';
import type { MetricPoint } from './metric-types.js';

const number = nullable({ type: 'number' });

const pointSchema = record<MetricPoint>(
  'MetricPoint',
  {
    bucket: instant,
    count: described(count, 'Events.'),
    value: described(number, 'The average, or the rate of errors.'),
    min: number,
    max: number,
    p95: number,
  },
  ['min', 'max', 'p95'],
);

/** Answer of `POST /api/metrics/query`. */
export const metricAnswerSchema = record<{
  aggregation_window: string;
  start_date: string;
  end_date: string;
  data: unknown;
}>('MetricAnswer', {
  aggregation_window: oneOf(AGGREGATION_WINDOWS),
  start_date: instant,
  end_date: instant,
  data: listOf(
    record<{ metric_type: string; points: unknown }>('MetricSeries', {
      metric_type: text,
      points: listOf(pointSchema),
    }),
  ),
});
