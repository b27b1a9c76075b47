import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** What operators see of scheduled jobs, and what they do with them. */
export class AdministerJobs1796600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Workers know the jobs; the API and the command line read them here.
      CREATE TABLE jobs (
        job text PRIMARY KEY,
        schedule jsonb NOT NULL,
        catch_up integer NOT NULL,
        registered_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        paused_at timestamptz
      );
      ${wall('jobs', null, {
        api: 'SELECT, UPDATE (paused_at)',
        worker: 'SELECT, INSERT, UPDATE (schedule, catch_up, seen_at), DELETE',
      })}

      ALTER TABLE job_runs ADD started_at timestamptz;
      UPDATE job_runs SET started_at = finished_at;
      ALTER TABLE job_runs ALTER started_at SET NOT NULL, ALTER started_at SET DEFAULT now(),
        ADD is_requested boolean NOT NULL DEFAULT false;
      GRANT SELECT ON job_runs TO millrace_api;

      CREATE TABLE job_failures (
        job text NOT NULL,
        slot timestamptz NOT NULL,
        is_requested boolean NOT NULL,
        started_at timestamptz NOT NULL,
        failed_at timestamptz NOT NULL,
        error text NOT NULL,
        PRIMARY KEY (job, slot, failed_at)
      );
      CREATE INDEX job_failures_at ON job_failures (job, failed_at);
      ${wall('job_failures', null, { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- The audit log of jobs, which belong to no organization. Runs that are asked for wait in it until a worker enqueues them.
      CREATE TABLE job_acts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        actor text NOT NULL,
        origin text,
        job text NOT NULL,
        act text NOT NULL CHECK (act IN ('run', 'pause', 'resume')),
        slot timestamptz CHECK ((slot IS NOT NULL) = (act = 'run')),
        enqueued_at timestamptz
      );
      CREATE INDEX job_acts_of_job ON job_acts (job, id);
      CREATE INDEX job_acts_at ON job_acts (at);
      CREATE INDEX job_acts_waiting ON job_acts (id) WHERE act = 'run' AND enqueued_at IS NULL;
      ${wall('job_acts', null, {
        api: 'SELECT, INSERT (actor, origin, job, act, slot)',
        worker: 'SELECT, UPDATE (enqueued_at), DELETE',
      })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE job_acts;
      DROP TABLE job_failures;
      DROP TABLE jobs;
      REVOKE SELECT ON job_runs FROM millrace_api;
      ALTER TABLE job_runs DROP is_requested, DROP started_at;
    `);
  }
}
