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

/** @param job SQL of its name */
const runsOf = (job: string) => `
  SELECT slot, is_requested AS requested, started_at,
         extract(epoch FROM finished_at - started_at)::float8 * 1000 AS duration_ms, counts, NULL AS error, finished_at AS at
  FROM job_runs WHERE job = ${job}`;

const failuresOf = (job: string) => `
  SELECT slot, is_requested, started_at, extract(epoch FROM failed_at - started_at)::float8 * 1000, NULL, error,
         failed_at
  FROM job_failures WHERE job = ${job}`;

/** The last that ended, well or not, the newest first. */
const lastRunsOf = (job: string, limit: string) => `
  SELECT slot, requested, started_at, duration_ms, counts, error FROM (
    (${runsOf(job)} ORDER BY slot DESC LIMIT ${limit})
    UNION ALL (${failuresOf(job)} ORDER BY failed_at DESC LIMIT ${limit})
  ) AS runs ORDER BY at DESC, slot DESC LIMIT ${limit}`;

type JobRow = Omit<RegisteredJob, 'last_run'> & { readonly [K in keyof JobRun]: JobRun[K] | null };

/** Reads what workers and operators did with scheduled jobs. */
export class JobsReadModel {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** Every job, or the one of that name. */
  async jobs(name?: string): Promise<RegisteredJob[]> {
    const { rows } = await this.connection.query<JobRow>(
      `SELECT j.job AS name, j.schedule, j.catch_up, j.paused_at, r.*
       FROM jobs j LEFT JOIN LATERAL (${lastRunsOf('j.job', '1')}) AS r ON true
       WHERE $1::text IS NULL OR j.job = $1 ORDER BY j.job`,
      [name ?? null],
    );
    return rows.map(({ name, schedule, catch_up, paused_at, slot, ...run }) => ({
      ...{ name, schedule, catch_up, paused_at },
      last_run: slot === null ? null : ({ slot, ...run } as JobRun),
    }));
  }

  /** The last runs that ended, well or not, the newest first. */
  async runs(job: string, limit: number): Promise<JobRun[]> {
    const { rows } = await this.connection.query<JobRun>(lastRunsOf('$1', '$2'), [job, limit]);
    return rows;
  }

  /** The run that completed a slot; null when there is none. */
  async runOf(job: string, slot: Date): Promise<JobRun | null> {
    const { rows } = await this.connection.query<JobRun>(
      `SELECT slot, requested, started_at, duration_ms, counts, error FROM (${runsOf('$1')} AND slot = $2) AS run`,
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
