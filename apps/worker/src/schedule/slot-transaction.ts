import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '#database';
import type { Clock, JobCounts } from '#jobs';
import { JobRunsStore, type SlotRun } from './job-runs.store.js';

/** Thrown in a run whose slot another run has completed meanwhile; its transaction is rolled back. */
export class SlotTaken extends Error {}

/** The one transaction of a run: the effect and the slot's row in `job_runs` commit together. */
export class SlotTransaction {
  private used = false;

  /** @param slotRun null: the run has no slot, and no row is written */
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly slotRun: SlotRun | null,
  ) {}

  /** True once the run has begun its transaction. */
  isUsed(): boolean {
    return this.used;
  }

  /**
   * @throws SlotTaken, or the error of `work` or of the server; then nothing is written
   */
  async run(work: (client: ClientBase) => Promise<JobCounts>): Promise<JobCounts> {
    const { slotRun } = this;
    if (slotRun === null) return inTransaction(this.pool, work);
    if (this.used)
      throw new Error(`the job ${slotRun.job} began a second transaction in the run of one slot`);
    this.used = true;
    return inTransaction(this.pool, async (client) => {
      const runs = new JobRunsStore(client);
      // First, so that a concurrent run of the slot waits here instead of repeating the work.
      if (!(await runs.claim(slotRun))) throw new SlotTaken();
      const counts = await work(client);
      await runs.finish(slotRun, counts, this.clock.now());
      return counts;
    });
  }
}
