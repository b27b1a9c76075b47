import type { ClientBase } from 'pg';
import type { MetricDefinition } from '#people';
import type { Basis } from './basis.js';
import type { Metric } from './metric.js';

/** SQL of one organization's daily metrics. */
export class DailyMetricsStore {
  /** @param client in a transaction of the worker's role */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /**
   * Makes sure that no other worker computes the organization's metrics until the transaction ends.
   * @returns false when another one does
   */
  async lock(): Promise<boolean> {
    const { rows } = await this.client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtext('daily metrics'), hashtext($1)) AS locked`,
      [this.organizationId],
    );
    return rows[0]!.locked;
  }

  /** Metrics of the organization's own, by name. */
  async definitions(): Promise<Record<string, MetricDefinition>> {
    const { rows } = await this.client.query<{ name: string; definition: MetricDefinition }>(
      'SELECT name, definition FROM daily_metric_definitions WHERE organization_id = $1 ORDER BY name',
      [this.organizationId],
    );
    return Object.fromEntries(rows.map(({ name, definition }) => [name, definition]));
  }

  /** The basis of each computed day from a date on, by date; null: the day is not looked at again. */
  async bases(from: string): Promise<Map<string, Basis | null>> {
    const { rows } = await this.client.query<{ day: string; basis: Basis | null }>(
      'SELECT day::text AS day, basis FROM daily_metric_days WHERE organization_id = $1 AND day >= $2',
      [this.organizationId, from],
    );
    return new Map(rows.map(({ day, basis }) => [day, basis]));
  }

  /**
   * Replaces all metrics of a day.
   * @param basis what they were computed from; null: the day is not looked at again
   */
  async replace(day: string, metrics: readonly Metric[], basis: Basis | null): Promise<void> {
    const { client, organizationId } = this;
    // First: if another worker has just computed the day, this fails as a transient error, and the job looks again.
    await client.query(
      `INSERT INTO daily_metric_days (organization_id, day, basis) VALUES ($1, $2, $3)
       ON CONFLICT (organization_id, day) DO UPDATE SET basis = EXCLUDED.basis`,
      [organizationId, day, basis && JSON.stringify(basis)],
    );
    await client.query('DELETE FROM daily_metrics WHERE organization_id = $1 AND day = $2', [
      ...[organizationId, day],
    ]);
    await client.query(
      `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value)
       SELECT $1, $2, name, dimensions, value FROM unnest($3::text[], $4::jsonb[], $5::float8[]) AS m(name, dimensions, value)
       RETURNING name`,
      [
        ...[organizationId, day],
        metrics.map(({ name }) => name),
        metrics.map(({ dimensions }) => JSON.stringify(dimensions)),
        metrics.map(({ value }) => value),
      ],
    );
  }
}
