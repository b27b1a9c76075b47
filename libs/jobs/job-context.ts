import type { ClientBase } from 'pg';
import type { Clock } from './clock.js';
import type { JobLogger } from './job-logger.js';

/** Counts of a run, e.g. `{ deleted: 12 }`. */
export type JobCounts = Readonly<Record<string, number>>;

/** The context of a run of a job. */
export interface JobContext<Payload = undefined> {
  readonly clock: Clock;
  readonly logger: JobLogger;
  /** Aborts when the process is about to end. */
  readonly signal: AbortSignal;
  /** The slot of the run, in milliseconds since the epoch; null when the job runs at start or on request. */
  readonly slot: number | null;
  /** Payload of the request. */
  readonly payload: Payload;
  /**
   * Runs the effect of the job in a transaction, at most one per run. The slot's row in `job_runs` commits
   * with it, so a slot has one effect despite retries and kills. Without a slot it is a plain transaction.
   * @param work returns the counts of the run
   */
  transaction(work: (client: ClientBase) => Promise<JobCounts>): Promise<JobCounts>;
  /** Shows in Bull Board how far the run is. */
  progress(done: number, total?: number): Promise<void>;
}
