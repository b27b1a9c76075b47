import type { ClientBase, Pool } from 'pg';
import type { JobCounts } from '#jobs';

/** A run of a slot. Instants are milliseconds since the epoch. */
export interface SlotRun {
  readonly job: string;
  readonly slot: number;
  /** Whether an operator asked for it, at an instant that need not be one of the schedule. */
  readonly isRequested: boolean;
  readonly startedAt: number;
}

const MAX_ERROR_LENGTH = 1000;

/** SQL of `job_runs`, one row per completed slot of a job, and of `job_failures`. */
export class JobRunsStore {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** The counts of a completed slot; null when it has not been run. */
  async countsOf(job: string, slot: number): Promise<JobCounts | null> {
    const { rows } = await this.connection.query<{ counts: JobCounts }>(
      'SELECT counts FROM job_runs WHERE job = $1 AND slot = $2',
      [job, new Date(slot)],
    );
    return rows[0]?.counts ?? null;
  }

  /**
   * Inserts the row of a slot. Waits for an open transaction that has inserted it.
   * @returns false when the slot has been run
   */
  async claim({ job, slot, isRequested, startedAt }: SlotRun): Promise<boolean> {
    const { rowCount } = await this.connection.query(
      `INSERT INTO job_runs (job, slot, is_requested, started_at, finished_at) VALUES ($1, $2, $3, $4, $4)
       ON CONFLICT DO NOTHING`,
      [job, new Date(slot), isRequested, new Date(startedAt)],
    );
    return rowCount === 1;
  }

  /** Completes the row that the transaction has inserted. */
  async finish({ job, slot }: SlotRun, counts: JobCounts, finishedAt: number): Promise<void> {
    await this.connection.query(
      'UPDATE job_runs SET counts = $3, finished_at = $4 WHERE job = $1 AND slot = $2',
      [job, new Date(slot), counts, new Date(finishedAt)],
    );
  }

  /** Records that a run has failed; the queue may try again. */
  async fail({ job, slot, isRequested, startedAt }: SlotRun, error: Error, failedAt: number): Promise<void> {
    await this.connection.query(
      `INSERT INTO job_failures (job, slot, is_requested, started_at, failed_at, error) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [
        job,
        new Date(slot),
        isRequested,
        new Date(startedAt),
        new Date(failedAt),
        error.message.slice(0, MAX_ERROR_LENGTH),
      ],
    );
  }
}
