import { agentInteraction, voiceMetric } from '#catalog';
import {
  BUILT_IN_METRICS,
  type BuiltInMetricName,
  type MetricDefinition,
  partOf,
  type Snapshot,
} from '#people';
import { eventMetrics } from './event-metrics.js';
import type { LocalDay } from './local-days.js';
import type { Metric } from './metric.js';
import { peopleMetrics } from './people-metrics.js';
import { sessionMetrics } from './session-metrics.js';
import { type ValueQuestion, valueMetrics } from './value-metrics.js';

/** What the metrics of a day depend on beside what is counted. */
export interface MetricSettings {
  readonly timeZone: string;
  /** All event types that the organization has events of. */
  readonly types: readonly string[];
  /** Metrics of the organization's own, by name. */
  readonly definitions: Readonly<Record<string, MetricDefinition>>;
}

/** A sum that every organization has. */
const sum = (
  name: BuiltInMetricName & ('talked_seconds' | 'input_tokens' | 'output_tokens'),
  type: string,
  measure: string,
): ValueQuestion => ({
  ...{ name, part: { types: [type], measure, groupBy: [], statistics: ['sum'] }, nothing: 0 },
  dimension: BUILT_IN_METRICS[name].dimension,
});

const SUMS: readonly ValueQuestion[] = [
  sum('talked_seconds', voiceMetric.name, 'talked_time'),
  sum('input_tokens', agentInteraction.name, 'input_tokens'),
  sum('output_tokens', agentInteraction.name, 'output_tokens'),
];

/** Without events their count is zero, and no other statistic has a value. */
const ownQuestion = ([name, definition]: [string, MetricDefinition]): ValueQuestion => ({
  ...{ name, part: partOf(definition), dimension: definition.group_by[0] },
  nothing: definition.stat === 'count' ? 0 : null,
});

/** All metrics of a day. */
export async function dayMetrics(
  snapshot: Snapshot,
  day: LocalDay,
  { timeZone, types, definitions }: MetricSettings,
): Promise<Metric[]> {
  const metrics = [
    ...(await peopleMetrics(snapshot, day, timeZone)),
    ...(await eventMetrics(snapshot, day, types)),
    ...(await sessionMetrics(snapshot, day)),
  ];
  for (const question of [...SUMS, ...Object.entries(definitions).map(ownQuestion)]) {
    metrics.push(...(await valueMetrics(snapshot, day, question)));
  }
  return metrics;
}
