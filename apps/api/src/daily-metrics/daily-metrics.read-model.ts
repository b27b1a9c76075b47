import type { ClientBase } from 'pg';
import type { DailyMetricsQuery } from './daily-metrics.query.js';

/** A figure of one day. */
export interface DailyMetric {
  /** `YYYY-MM-DD`, in the organization's time zone. */
  readonly day: string;
  readonly name: string;
  /** Empty for the total. */
  readonly dimensions: Readonly<Record<string, string | null>>;
  readonly value: number;
}

/** Where a page ended: day, name, and dimensions as JSON. */
export type MetricPosition = readonly [day: string, name: string, dimensions: string];

export type MetricFilter = Pick<DailyMetricsQuery, 'from' | 'to' | 'name' | 'dimension' | 'value' | 'totals'>;

const ROWS = `
  SELECT day::text AS day, name, dimensions, value FROM daily_metrics
  WHERE organization_id = $1
    AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day < $3)
    AND ($4::text[] IS NULL OR name = ANY($4))
    AND ($5::text IS NULL OR dimensions ? $5)
    AND ($6::text IS NULL OR dimensions @> jsonb_build_object($5::text, $6::text))
    AND (NOT $7::boolean OR dimensions = '{}')
    AND ($8::date IS NULL OR (day, name, dimensions) > ($8, $9::text COLLATE "C", $10::jsonb))
  ORDER BY day, name, dimensions LIMIT $11`;

/**
 * Metrics by day, name and dimensions, after a position when there is one.
 * @param client in a transaction of the organization
 */
export async function dailyMetrics(
  client: ClientBase,
  organizationId: string,
  { from, to, name, dimension, value, totals }: MetricFilter,
  limit: number,
  after: MetricPosition | null,
): Promise<DailyMetric[]> {
  const { rows } = await client.query<DailyMetric>(ROWS, [
    ...[organizationId, from ?? null, to ?? null, name ?? null, dimension ?? null, value ?? null, totals],
    ...(after ?? [null, null, null]),
    limit,
  ]);
  return rows;
}
