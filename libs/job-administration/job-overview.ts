import { type JobCounts, nextSlot, type Schedule } from '#jobs';

/** A run of a slot, as operators see it. */
export interface JobRun {
  /** When it was due, or asked for. */
  readonly slot: Date;
  /** Whether an operator asked for it. */
  readonly requested: boolean;
  readonly started_at: Date;
  readonly duration_ms: number;
  /** Null when it failed. */
  readonly counts: JobCounts | null;
  /** Why it failed; null when it did not. */
  readonly error: string | null;
}

/** What the database knows of a scheduled job. */
export interface RegisteredJob {
  readonly name: string;
  readonly schedule: Schedule;
  readonly catch_up: number;
  readonly paused_at: Date | null;
  readonly last_run: JobRun | null;
}

/** A scheduled job, as operators see it. */
export interface JobOverview {
  readonly name: string;
  /** Cron expression of five fields, or an interval such as `every 300 s`. */
  readonly schedule: string;
  /** UTC for intervals. */
  readonly time_zone: string;
  /** How many missed slots are run once a worker is back. */
  readonly catch_up: number;
  readonly paused: boolean;
  readonly last_run: JobRun | null;
  /** Null while the job is paused. */
  readonly next_run: Date | null;
}

/** Pure. @param now milliseconds since the epoch */
export const jobOverview = (job: RegisteredJob, now: number): JobOverview => ({
  name: job.name,
  ...described(job.schedule),
  catch_up: job.catch_up,
  paused: job.paused_at !== null,
  last_run: job.last_run,
  next_run: job.paused_at ? null : new Date(nextSlot(job.schedule, now)),
});

const described = (schedule: Schedule) =>
  'cron' in schedule
    ? { schedule: schedule.cron, time_zone: schedule.timeZone }
    : { schedule: `every ${schedule.everySeconds} s`, time_zone: 'UTC' };
