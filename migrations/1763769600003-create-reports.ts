import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

const WORKER = 'SELECT, INSERT, UPDATE, DELETE';

/** Tables of the scheduled jobs. */
export class CreateReports1763769600003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE daily_metrics (
        organization_id uuid NOT NULL,
        day date NOT NULL,
        metrics jsonb NOT NULL,
        PRIMARY KEY (organization_id, day)
      );
      ${wall('daily_metrics', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE reports (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        kind text NOT NULL,
        period_start timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        content jsonb NOT NULL,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, kind, period_start)
      );
      ${wall('reports', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE alerts (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        raised_at timestamptz NOT NULL DEFAULT now(),
        code text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (organization_id, id)
      );
      ${wall('alerts', 'organization_id', { api: 'SELECT', worker: WORKER })}

      -- Inserted in the same transaction as the slot's effect, so that a slot has one effect.
      CREATE TABLE job_runs (
        job text NOT NULL,
        slot timestamptz NOT NULL,
        finished_at timestamptz NOT NULL DEFAULT now(),
        counts jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (job, slot)
      );
      ${wall('job_runs', null, { worker: WORKER })}

      CREATE TABLE health_checks (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        checked_at timestamptz NOT NULL DEFAULT now(),
        healthy boolean NOT NULL,
        details jsonb NOT NULL DEFAULT '{}'
      );
      ${wall('health_checks', null, { worker: WORKER })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE health_checks, job_runs, alerts, reports, daily_metrics');
  }
}
