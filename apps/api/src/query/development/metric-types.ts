import { agentInteraction, commandExecution, type EventType, productivityMetric } from '#catalog';
import { isError, type Part } from '#people';
import type { AggregateSeries } from '#rollups';

/** One bucket of a metric. */
export interface MetricPoint {
  /** RFC 3339. */
  readonly bucket: string;
  /** Events. */
  readonly count: number;
  /** The average, or the rate of errors. */
  readonly value: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly p95?: number | null;
}

/** What to ask for a metric, and how its buckets are made from the answer. */
export interface MetricType {
  readonly question: Part;
  points(series: readonly AggregateSeries[], bounds: readonly number[]): MetricPoint[];
}

const MEASURED = ['count', 'avg', 'min', 'max', 'p95'] as const;

const measured = (question: Omit<Part, 'groupBy' | 'statistics'>): MetricType => ({
  question: { ...question, groupBy: [], statistics: MEASURED },
  points: ([series], bounds) =>
    (series?.points ?? []).map(({ index, figures: [count, value, min, max, p95] }) => ({
      bucket: iso(bounds[index]!),
      count: count!,
      ...{ value: value!, min: min!, max: max!, p95: p95! },
    })),
});

const errorRate: MetricType = {
  question: {
    types: [commandExecution.name, agentInteraction.name],
    groupBy: ['status'],
    statistics: ['count'],
  },
  points(byStatus, bounds) {
    const counts = new Map<number, { all: number; errors: number }>();
    for (const { group, points } of byStatus) {
      for (const { index, figures } of points) {
        const entry = counts.get(index) ?? { all: 0, errors: 0 };
        counts.set(index, entry);
        entry.all += figures[0]!;
        if (isError(group.status)) entry.errors += figures[0]!;
      }
    }
    return [...counts]
      .sort(([a], [b]) => a - b)
      .map(([index, { all, errors }]) => ({ bucket: iso(bounds[index]!), count: all, value: errors / all }));
  },
};

const productivity = (name: string): MetricType =>
  measured({ types: [productivityMetric.name], measure: 'metric_value', where: { metric_type: name } });

/**
 * The metrics that an organization with these event types may ask for, by name: `productivity_score`, `error_rate`, and
 * every measure, over all types that have it.
 */
export function metricTypes(types: Iterable<EventType>): ReadonlyMap<string, MetricType> {
  const byMeasure = new Map<string, string[]>();
  for (const { name, measures } of types) {
    for (const measure of measures) byMeasure.set(measure, [...(byMeasure.get(measure) ?? []), name]);
  }
  return new Map([
    ...[...byMeasure].map(([measure, names]) => [measure, measured({ types: names, measure })] as const),
    ['productivity_score', productivity('productivity_score')],
    ['error_rate', errorRate],
  ]);
}

const iso = (epochMs: number) => new Date(epochMs).toISOString();
