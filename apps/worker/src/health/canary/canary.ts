import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import type { EncodedBatch } from '#batch';
import type { Clock } from '#jobs';
import { type IngestJob, QUEUES } from '#queue';
import { CanaryReadModel } from './canary.read-model.js';
import { canaryBatch } from './canary-batch.js';

/** Milliseconds between two looks. */
const LOOK_MS = 25;

/** States in which a job can be taken back. */
const REMOVABLE: readonly string[] = ['waiting', 'delayed', 'failed'];

/** How far a canary came. Milliseconds since it set off. */
export interface CanaryFlight {
  /** When the queue had it on disk. */
  readonly enqueued_ms: number | null;
  /** When it was stored. */
  readonly stored_ms: number | null;
  /** When aggregates had it. */
  readonly counted_ms: number | null;
  /** True: PostgreSQL refused it, or it was taken for a duplicate. */
  readonly refused: boolean;
  /** Where its job is, as BullMQ says, if it is not stored; null: not known. */
  readonly job: string | null;
}

/** Sends events through the whole pipeline, each as a client's. */
export class Canary {
  private readonly reads: CanaryReadModel;

  constructor(
    pool: Pool,
    private readonly queue: Queue<IngestJob>,
    private readonly clock: Clock,
  ) {
    this.reads = new CanaryReadModel(pool);
  }

  /**
   * Sends one and follows it until it is counted. One that does not arrive in time is taken back, so that a queue that
   * stands still does not fill up with canaries.
   * @param withinMs milliseconds
   * @param signal aborts the flight
   * @throws the error of the queue or the database; AbortError
   */
  async fly(withinMs: number, signal: AbortSignal): Promise<CanaryFlight> {
    const begun = this.clock.now();
    const deadline = begun + withinMs;
    const elapsed = () => this.clock.now() - begun;
    const batch = canaryBatch(begun);
    const flight = { enqueued_ms: null, stored_ms: null, counted_ms: null, refused: false, job: null };
    if (!(await this.isEnqueued(batch, deadline, signal))) return flight;
    const enqueued = { ...flight, enqueued_ms: elapsed() };
    const stored = await this.until(deadline, signal, () => this.reads.isStored(batch, signal));
    if (stored === null) return { ...enqueued, job: await this.takeBack(batch) };
    const there = { ...enqueued, stored_ms: elapsed(), refused: !stored };
    if (!stored) return there;
    const isCounted = async () => (await this.reads.isCounted(batch, signal)) || null;
    if ((await this.until(deadline, signal, isCounted)) === null) return there;
    return { ...there, counted_ms: elapsed() };
  }

  /** False when the queue has not answered by the deadline. The event counts all the same if the queue takes it later. */
  private async isEnqueued(batch: EncodedBatch, deadline: number, signal: AbortSignal): Promise<boolean> {
    const { ingest } = QUEUES;
    const cancel = new AbortController();
    const adding = this.queue.add(ingest.name, { batches: [batch] }, { jobId: batch.batchId });
    const late = this.clock.sleep(deadline - this.clock.now(), AbortSignal.any([signal, cancel.signal]));
    try {
      const isAdded = await Promise.race([adding.then(() => true), late.then(() => false)]);
      if (isAdded) batch.columns.release();
      return isAdded;
    } finally {
      cancel.abort();
      // What comes after the race is of no interest.
      await Promise.allSettled([late]);
      void adding.catch(() => {});
    }
  }

  /** Asks until the answer is not null; null when the deadline has passed. */
  private async until<T>(
    deadline: number,
    signal: AbortSignal,
    ask: () => Promise<T | null>,
  ): Promise<T | null> {
    for (;;) {
      const answer = await ask();
      if (answer !== null || this.clock.now() >= deadline) return answer;
      await this.clock.sleep(LOOK_MS, signal);
    }
  }

  /** @returns where its job was */
  private async takeBack({ batchId }: EncodedBatch): Promise<string> {
    const state = await this.queue.getJobState(batchId);
    if (!REMOVABLE.includes(state)) return state;
    try {
      await this.queue.remove(batchId);
      return state;
    } catch (error) {
      // A worker may have taken it just now. It stays then, and counts.
      const now = await this.queue.getJobState(batchId);
      if (now === state) throw error;
      return now;
    }
  }
}
