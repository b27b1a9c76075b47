import type { MigrationInterface, QueryRunner } from 'typeorm';
import { showToReaders, wall } from '#database';

/** Metrics by day, which ones are computed, and metrics that organizations define. Nothing has written the former table. */
export class DailyMetrics1796800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE daily_metrics;
      CREATE TABLE daily_metrics (
        organization_id uuid NOT NULL,
        -- In the organization's time zone.
        day date NOT NULL,
        name text COLLATE "C" NOT NULL,
        -- Empty for the total.
        dimensions jsonb NOT NULL,
        value double precision NOT NULL,
        computed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, day, name, dimensions)
      );
      ${wall('daily_metrics', 'organization_id', { api: 'SELECT, DELETE', worker: 'SELECT, INSERT, DELETE' })}
      ${showToReaders('daily_metrics', 'organization_id')}

      CREATE TABLE daily_metric_days (
        organization_id uuid NOT NULL,
        day date NOT NULL,
        -- Counts that change when late events change a metric of the day; NULL: it was too old to be looked at again.
        basis jsonb,
        PRIMARY KEY (organization_id, day)
      );
      ${wall('daily_metric_days', 'organization_id', { worker: 'SELECT, INSERT, UPDATE' })}

      CREATE TABLE daily_metric_definitions (
        organization_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        definition jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, name)
      );
      ${wall('daily_metric_definitions', 'organization_id', {
        api: 'SELECT, INSERT, UPDATE, DELETE',
        worker: 'SELECT',
      })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE daily_metric_definitions, daily_metric_days, daily_metrics;
      CREATE TABLE daily_metrics (
        organization_id uuid NOT NULL,
        day date NOT NULL,
        metrics jsonb NOT NULL,
        PRIMARY KEY (organization_id, day)
      );
      ${wall('daily_metrics', 'organization_id', {
        api: 'SELECT',
        worker: 'SELECT, INSERT, UPDATE, DELETE',
      })}
    `);
  }
}
