import { AGGREGATION_WINDOWS } from '#config';
import type { ActivityFigures, ActivityPoint } from '#people';
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
import { TIME_RANGES } from './development.query.js';
import type { renderDashboard } from './render-dashboard.js';

type Dashboard = ReturnType<typeof renderDashboard>;

const number = { type: 'number' };
const rate = { type: 'number', minimum: 0, maximum: 1 };

const figures = {
  commands: count,
  agents: count,
  errors: described(count, 'With the status error or timeout.'),
  error_rate: nullable(rate),
  avg_execution_time_ms: nullable(number),
  p50_execution_time_ms: nullable(number),
  p95_execution_time_ms: nullable(number),
  p99_execution_time_ms: nullable(number),
  input_tokens: count,
  output_tokens: count,
} satisfies Record<keyof ActivityFigures, object>;

const pointSchema = record<ActivityPoint>('ActivityPoint', { bucket: instant, ...figures });

const nameFigures = { count, errors: count, avg_execution_time_ms: nullable(number) };

/** Answer of `GET /api/metrics/dashboard`. */
export const dashboardSchema = record<Dashboard>('Dashboard', {
  time_range: oneOf(Object.keys(TIME_RANGES)),
  totals: record<Dashboard['totals']>('DashboardTotals', {
    ...{ commands: count, agents: count, errors: count, error_rate: nullable(rate), active_users: count },
    ...{ input_tokens: count, output_tokens: count },
  }),
  latency: record<Dashboard['latency']>('DashboardLatency', {
    p50: nullable(number),
    p95: nullable(number),
    p99: nullable(number),
  }),
  top_commands: listOf(
    record<Dashboard['top_commands'][number]>('TopCommand', { command_name: nullable(text), ...nameFigures }),
  ),
  top_agents: listOf(
    record<Dashboard['top_agents'][number]>('TopAgent', { agent_name: nullable(text), ...nameFigures }),
  ),
  series: listOf(pointSchema),
});

/** Answer of `GET /api/metrics/real-time/:window`. */
export const realTimeSchema = record<ActivityPoint & { window: string }>('RealTime', {
  window: oneOf(AGGREGATION_WINDOWS),
  bucket: instant,
  ...figures,
});

/** Answer of `GET /api/metrics/aggregated`. */
export const aggregatedSchema = record<{ aggregation_window: string; data: unknown; next_cursor: unknown }>(
  'Aggregated',
  {
    aggregation_window: oneOf(AGGREGATION_WINDOWS),
    data: listOf(pointSchema),
    next_cursor: described(nullable(text), '`cursor` of the next page; null on the last page.'),
  },
);
