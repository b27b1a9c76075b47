import type { Pool } from 'pg';
import type { JobDefinition, Schedule } from '#jobs';

type Registered = Pick<JobDefinition, 'name' | 'catchUp'> & { readonly schedule: Schedule };

/** SQL of `jobs`: what workers tell operators about their scheduled jobs. Instants are milliseconds since the epoch. */
export class RegisteredJobsStore {
  constructor(private readonly pool: Pool) {}

  /** Registers the jobs of this worker, and removes those that no worker of the last day knew. */
  async register(jobs: readonly Registered[], now: number): Promise<void> {
    const names = jobs.map(({ name }) => name);
    await this.pool.query(
      `INSERT INTO jobs (job, schedule, catch_up, registered_at, seen_at)
       SELECT job, schedule, catch_up, $4, $4 FROM unnest($1::text[], $2::jsonb[], $3::int[]) AS j(job, schedule, catch_up)
       -- In one order, so that replicas that start together do not wait for each other in a circle.
       ORDER BY job
       ON CONFLICT (job) DO UPDATE
         SET schedule = excluded.schedule, catch_up = excluded.catch_up, seen_at = excluded.seen_at`,
      [
        names,
        jobs.map(({ schedule }) => JSON.stringify(schedule)),
        jobs.map(({ catchUp }) => catchUp),
        new Date(now),
      ],
    );
    await this.pool.query(
      `DELETE FROM jobs WHERE job <> ALL($1) AND seen_at < $2::timestamptz - interval '1 day'`,
      [names, new Date(now)],
    );
  }

  /** The last slot of each job that has been run by its schedule; when it was registered, if none has been. */
  async lastSlots(jobs: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await this.pool.query<{ job: string; slot: Date }>(
      `SELECT job, coalesce(
         (SELECT max(slot) FROM job_runs r WHERE r.job = j.job AND NOT r.is_requested), registered_at) AS slot
       FROM jobs j WHERE job = ANY($1)`,
      [jobs],
    );
    return new Map(rows.map(({ job, slot }) => [job, slot.getTime()]));
  }

  /** Names of the jobs that are paused. */
  async paused(): Promise<Set<string>> {
    const { rows } = await this.pool.query<{ job: string }>(
      'SELECT job FROM jobs WHERE paused_at IS NOT NULL',
    );
    return new Set(rows.map(({ job }) => job));
  }
}
