import type { JobsOptions, WorkerOptions } from 'bullmq';
import { BatchCodec } from './batch-codec.js';
import type { DeadLetterJob, IngestJob } from './batch-jobs.js';
import type { JobCodec } from './job-codec.js';

/** How a queue's jobs are added, encoded and processed. */
export interface QueueDefinition {
  readonly name: string;
  readonly job: JobsOptions;
  /** Absent: jobs are plain JSON, and the processor gets `job.data` as it was added. */
  readonly codec?: JobCodec;
  /** Absent: nothing consumes the queue. */
  readonly worker?: Omit<WorkerOptions, 'connection'>;
}

/**
 * Every queue with all its options.
 *
 * - A job stalls when its worker died or hung. Its batches are counted once all the same, so it may stall any
 *   number of times; by default BullMQ fails it after one.
 * - Completed jobs are removed: the ledger is the record of what was done.
 */
export const QUEUES = {
  ingest: {
    name: 'ingest',
    codec: new BatchCodec<IngestJob>(),
    job: { attempts: 3, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true },
    worker: { maxStalledCount: 1_000_000, lockDuration: 15_000, stalledInterval: 5_000, autorun: false },
  },
  /** Batches that failed three times; they stay until someone replays them. */
  deadLetters: {
    name: 'dead-letters',
    codec: new BatchCodec<DeadLetterJob>(),
    job: { attempts: 1 },
  },
} as const satisfies Readonly<Record<string, QueueDefinition>>;

const codecs = new Map(Object.values(QUEUES).map(({ name, codec }: QueueDefinition) => [name, codec]));

/** The codec of a queue; undefined when its jobs are plain JSON. */
export const codecOf = (queueName: string): JobCodec | undefined => codecs.get(queueName);
