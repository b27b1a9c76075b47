import type { ClientBase } from 'pg';
import type { Actor } from '#identity';

/** What an operator may do with a job. A run has the slot to run. */
export type Act = { readonly act: 'run'; readonly slot: Date } | { readonly act: 'pause' | 'resume' };

/** SQL of the acts of operators. */
export class JobActsStore {
  /** @param client in a transaction of the API's role */
  constructor(private readonly client: ClientBase) {}

  /** Records who did what. Workers enqueue the runs that are recorded. */
  async record({ subject, clientAddress }: Actor, job: string, act: Act): Promise<void> {
    await this.client.query(
      'INSERT INTO job_acts (actor, origin, job, act, slot) VALUES ($1, $2, $3, $4, $5)',
      [subject, clientAddress, job, act.act, act.act === 'run' ? act.slot : null],
    );
  }

  /** @returns whether that changed anything */
  async pause(job: string): Promise<boolean> {
    const { rowCount } = await this.client.query(
      'UPDATE jobs SET paused_at = clock_timestamp() WHERE job = $1 AND paused_at IS NULL',
      [job],
    );
    return rowCount === 1;
  }

  /** @returns whether that changed anything */
  async resume(job: string): Promise<boolean> {
    const { rowCount } = await this.client.query(
      'UPDATE jobs SET paused_at = NULL WHERE job = $1 AND paused_at IS NOT NULL',
      [job],
    );
    return rowCount === 1;
  }
}
