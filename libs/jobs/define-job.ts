import type { JobsOptions } from 'bullmq';
import type { Injected, Token } from './injection.js';
import type { JobContext, JobCounts } from './job-context.js';
import { assertJobName } from './job-name.js';
import type { JobRequest } from './requests.js';
import { parseSchedule, type Schedule } from './schedule.js';
import type { SetSchedule } from './set-schedule.js';

interface Scheduled {
  readonly name: string;
  /** A cron expression of five fields, or an interval that a setting says; see `every`. */
  readonly schedule: string | SetSchedule;
  /** Of the cron expression. IANA name; UTC when absent. */
  readonly timeZone?: string;
  /**
   * How many missed slots are run once a worker is back, the latest ones. Absent: 1, however many were
   * missed. 0: none.
   */
  readonly catchUp?: number;
  /** Every process also runs the job when it starts, before it processes its first batch of events. */
  readonly atStart?: boolean;
  /** Overrides the options of the queue `jobs`. */
  readonly options?: Pick<JobsOptions, 'attempts' | 'backoff' | 'priority'>;
}

interface Requested<Payload> {
  /** The request that the job answers; see `declareRequest`. */
  readonly request: JobRequest<Payload>;
}

interface Work<Payload, Tokens extends readonly Token[]> {
  /** Providers that `run` gets after the context. */
  readonly inject?: Tokens;
  /**
   * Does the work. Effects outside of `context.transaction` may happen twice.
   * @throws any error; the queue retries later
   */
  run(context: JobContext<Payload>, ...injected: Injected<Tokens>): Promise<JobCounts>;
}

/** A job as the worker schedules and runs it. */
export interface JobDefinition {
  readonly name: string;
  /** Null: it runs on request. */
  readonly schedule: Schedule | SetSchedule | null;
  readonly catchUp: number;
  readonly atStart: boolean;
  readonly options: JobsOptions;
  readonly inject: readonly Token[];
  run(context: JobContext<unknown>, ...injected: unknown[]): Promise<JobCounts>;
}

/**
 * Defines a job that runs by a schedule or on request.
 * @throws Error naming the job when its name or schedule is invalid
 */
export function defineJob<const Tokens extends readonly Token[] = [], Payload = undefined>(
  job: (Scheduled | Requested<Payload>) & Work<Payload, Tokens>,
): JobDefinition {
  const { inject = [] } = job;
  const run = job.run as JobDefinition['run'];
  if ('request' in job) {
    return { name: job.request.name, schedule: null, catchUp: 0, atStart: false, options: {}, inject, run };
  }
  const { name, catchUp = 1, atStart = false, options = {} } = job;
  return { name, schedule: scheduleOf(job), catchUp, atStart, options, inject, run };
}

function scheduleOf({ name, schedule, timeZone }: Scheduled): Schedule | SetSchedule {
  assertJobName(name);
  if (typeof schedule !== 'string') return schedule;
  try {
    return parseSchedule(schedule, timeZone);
  } catch (error) {
    throw new Error(`the job ${name}: ${(error as Error).message}`);
  }
}
