import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { retryTransient } from '#database';
import type { Clock, JobCounts, JobDefinition, Token } from '#jobs';
import { JobRunsStore, type SlotRun } from './job-runs.store.js';
import { type RunListener, RunLogger, SILENT } from './run-listener.js';
import { SlotTaken, SlotTransaction } from './slot-transaction.js';

/** The input of a run. */
export interface JobInput {
  /** Milliseconds since the epoch; null: at start or on request. */
  readonly slot: number | null;
  /** Whether an operator asked for the slot. */
  readonly isRequested?: boolean;
  readonly payload: unknown;
}

/** Runs jobs, with one effect per slot. */
export class JobRunner {
  private readonly byName: ReadonlyMap<string, JobDefinition>;
  private readonly runs: JobRunsStore;

  /**
   * @param provider looks up what is injected
   * @param signal aborts when the process is about to end
   */
  constructor(
    private readonly jobs: readonly JobDefinition[],
    private readonly pool: Pool,
    private readonly provider: (token: Token) => unknown,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    this.byName = new Map(jobs.map((job) => [job.name, job]));
    this.runs = new JobRunsStore(pool);
  }

  /**
   * Runs a job. A completed slot is skipped. Transient database errors are retried. Any other is recorded.
   * @returns the counts of the run; for a skipped slot, those of the earlier run
   * @throws Interrupted when the process is about to end; the error of the job
   */
  async run(name: string, input: JobInput, listener = SILENT): Promise<JobCounts> {
    const job = this.byName.get(name);
    // During a roll-out, a worker of the old version may get a new job: the queue retries it.
    if (!job) throw new Error(`this worker knows no job ${name}`);
    const logger = new Logger(name);
    const slotRun = this.slotRun(name, input);
    try {
      return await retryTransient(
        () => this.attempt(job, input, slotRun, listener),
        this.signal,
        (error, waitMs) => logger.warn(`database: ${error.message}; trying again in ${waitMs} ms`),
      );
    } catch (error) {
      // An aborted run has not failed.
      if (slotRun && !this.signal.aborted) await this.recordFailure(slotRun, error as Error);
      throw error;
    }
  }

  /** Runs the jobs that every process runs at start. A failure is logged; the next slot retries. */
  async runAtStart(): Promise<void> {
    for (const job of this.jobs.filter(({ atStart }) => atStart)) {
      try {
        await this.attempt(job, { slot: null, payload: undefined }, null, SILENT);
      } catch (error) {
        new Logger(job.name).warn((error as Error).message);
      }
    }
  }

  private async attempt(
    job: JobDefinition,
    { slot, payload }: JobInput,
    slotRun: SlotRun | null,
    listener: RunListener,
  ): Promise<JobCounts> {
    const earlier = slot === null ? null : await this.runs.countsOf(job.name, slot);
    if (earlier) return earlier;
    const logger = new RunLogger(job.name, listener);
    const transaction = new SlotTransaction(this.pool, this.clock, slotRun);
    const begun = this.clock.now();
    const context = {
      clock: this.clock,
      logger,
      signal: this.signal,
      slot,
      payload,
      transaction: transaction.run.bind(transaction),
      progress: (done: number, total?: number) =>
        listener.progress(total === undefined ? { done } : { done, total }),
    };
    try {
      const counts = await job.run(context, ...job.inject.map(this.provider));
      if (!transaction.isUsed()) await transaction.run(async () => counts);
      logger.log(`${describe(slot, counts)} (${this.clock.now() - begun} ms)`);
      await logger.written();
      return counts;
    } catch (error) {
      if (!(error instanceof SlotTaken) || slot === null) throw error;
      return (await this.runs.countsOf(job.name, slot)) ?? {};
    }
  }

  private slotRun(job: string, { slot, isRequested = false }: JobInput): SlotRun | null {
    return slot === null ? null : { job, slot, isRequested, startedAt: this.clock.now() };
  }

  private async recordFailure(slotRun: SlotRun, error: Error): Promise<void> {
    try {
      await this.runs.fail(slotRun, error, this.clock.now());
    } catch (storeError) {
      new Logger(slotRun.job).warn(`its failure could not be recorded: ${(storeError as Error).message}`);
    }
  }
}

function describe(slot: number | null, counts: JobCounts): string {
  const numbers = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const of = slot === null ? [] : [new Date(slot).toISOString()];
  return [...of, ...numbers].join(', ');
}
