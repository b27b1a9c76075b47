import type { Pool } from 'pg';

/** A run that an operator asked for. */
export interface RequestedRun {
  readonly id: string;
  readonly job: string;
  /** Milliseconds since the epoch. */
  readonly slot: number;
}

/** SQL of the runs in `job_acts` that no worker has enqueued yet. */
export class RequestedRunsStore {
  constructor(private readonly pool: Pool) {}

  /** @param jobs that this worker knows */
  async waiting(jobs: readonly string[]): Promise<RequestedRun[]> {
    const { rows } = await this.pool.query<{ id: string; job: string; slot: Date }>({
      name: 'requested-runs',
      text: `SELECT id, job, slot FROM job_acts WHERE act = 'run' AND enqueued_at IS NULL AND job = ANY($1) ORDER BY id`,
      values: [jobs],
    });
    return rows.map(({ slot, ...run }) => ({ ...run, slot: slot.getTime() }));
  }

  /** Notes that the queue has the job. */
  async enqueued({ id, job }: RequestedRun): Promise<void> {
    const text = 'UPDATE job_acts SET enqueued_at = clock_timestamp() WHERE job = $1 AND id = $2';
    await this.pool.query(text, [job, id]);
  }
}
