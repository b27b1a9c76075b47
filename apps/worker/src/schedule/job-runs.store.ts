import type { ClientBase, Pool } from 'pg';
import type { JobCounts } from '#jobs';

/** SQL of `job_runs`, one row per completed slot of a job. Slots are milliseconds since the epoch. */
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
  async claim(job: string, slot: number): Promise<boolean> {
    const { rowCount } = await this.connection.query(
      'INSERT INTO job_runs (job, slot) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [job, new Date(slot)],
    );
    return rowCount === 1;
  }

  /** Completes the row that the transaction has inserted. */
  async finish(job: string, slot: number, counts: JobCounts): Promise<void> {
    await this.connection.query(
      'UPDATE job_runs SET counts = $3, finished_at = clock_timestamp() WHERE job = $1 AND slot = $2',
      [job, new Date(slot), counts],
    );
  }

  /** The last slot of each job that has been run. */
  async lastSlots(jobs: readonly string[]): Promise<Map<string, number>> {
    const { rows } = await this.connection.query<{ job: string; slot: Date }>(
      'SELECT job, max(slot) AS slot FROM job_runs WHERE job = ANY($1) GROUP BY job',
      [jobs],
    );
    return new Map(rows.map(({ job, slot }) => [job, slot.getTime()]));
  }
}
