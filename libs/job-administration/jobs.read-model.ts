import type { ClientBase, Pool } from 'pg';
import type { JobRun, RegisteredJob } from './job-overview.js';

/** What an operator did with a job. */
export interface JobAct {
  readonly at: Date;
  readonly actor: string;
  /** Network address; null when there is none. */
  readonly origin: string | null;
  readonly act: 'run' | 'pause' | 'resume';
  /** The slot of a run. */
  readonly slot: Date | null;
}

const RUN = `
  SELECT slot, is_requested AS requested, started_at,
         extract(epoch FROM finished_at - started_at)::float8 * 1000 AS duration_ms, counts, NULL AS error, finished_at AS at
  FROM job_runs WHERE job = $1`;

const FAILURE = `
  SELECT slot, is_requested, started_at, extract(epoch FROM failed_at - started_at)::float8 * 1000, NULL, error,
         failed_at
  FROM job_failures WHERE job = $1`;

/** Reads what workers and operators did with scheduled jobs. */
export class JobsReadModel {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** Every job, or the one of that name. */
  async jobs(name?: string): Promise<RegisteredJob[]> {
    const { rows } = await this.connection.query<Omit<RegisteredJob, 'last_run'>>(
      `SELECT job AS name, schedule, catch_up, paused_at FROM jobs WHERE $1::text IS NULL OR job = $1 ORDER BY job`,
      [name ?? null],
    );
    const jobs: RegisteredJob[] = [];
    for (const job of rows) jobs.push({ ...job, last_run: (await this.runs(job.name, 1))[0] ?? null });
    return jobs;
  }

  /** The last runs that ended, well or not, the newest first. */
  async runs(job: string, limit: number): Promise<JobRun[]> {
    const { rows } = await this.connection.query<JobRun>(
      `SELECT slot, requested, started_at, duration_ms, counts, error FROM (
         (${RUN} ORDER BY slot DESC LIMIT $2) UNION ALL (${FAILURE} ORDER BY failed_at DESC LIMIT $2)
       ) AS runs ORDER BY at DESC, slot DESC LIMIT $2`,
      [job, limit],
    );
    return rows;
  }

  /** The run that completed a slot; null when there is none. */
  async runOf(job: string, slot: Date): Promise<JobRun | null> {
    const { rows } = await this.connection.query<JobRun>(
      `SELECT slot, requested, started_at, duration_ms, counts, error FROM (${RUN} AND slot = $2) AS run`,
      [job, slot],
    );
    return rows[0] ?? null;
  }

  /** The last acts, the newest first. */
  async acts(job: string, limit: number): Promise<JobAct[]> {
    const { rows } = await this.connection.query<JobAct>(
      'SELECT at, actor, origin, act, slot FROM job_acts WHERE job = $1 ORDER BY id DESC LIMIT $2',
      [job, limit],
    );
    return rows;
  }
}
