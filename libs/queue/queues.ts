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

/** A job whose worker died is redelivered 15 to 25 s later. The worker app starts all processors together. */
const WORKER = { lockDuration: 15_000, stalledInterval: 5_000, autorun: false };

/**
 * Every queue with all its options.
 *
 * A job stalls when its worker died or hung. By default BullMQ fails a job that stalls a second time.
 */
export const QUEUES = {
  /** Completed jobs are removed: the ledger is the record of what was done. Batches may stall without limit. */
  ingest: {
    name: 'ingest',
    codec: new BatchCodec<IngestJob>(),
    job: { attempts: 3, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true },
    worker: { ...WORKER, maxStalledCount: 1_000_000 },
  },
  /** Batches that failed three times; they stay until they are replayed. */
  deadLetters: {
    name: 'dead-letters',
    codec: new BatchCodec<DeadLetterJob>(),
    job: { attempts: 1 },
  },
  /**
   * Scheduled and requested jobs; the last ones are kept for Bull Board. Two run at a time, so that a long
   * one does not delay the others; a job that has killed ten workers fails.
   */
  jobs: {
    name: 'jobs',
    job: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 30_000 },
      removeOnComplete: { count: 1000 },
      removeOnFail: { count: 1000 },
    },
    worker: { ...WORKER, maxStalledCount: 10, concurrency: 2 },
  },
  /**
   * Exports to be written, one at a time per worker: an export may take minutes, and scheduled jobs must not wait. The
   * table `exports` is the record of what was done.
   */
  exports: {
    name: 'exports',
    job: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 5000 },
      removeOnComplete: true,
      removeOnFail: true,
    },
    worker: { ...WORKER, maxStalledCount: 10, concurrency: 1 },
  },
} as const satisfies Readonly<Record<string, QueueDefinition>>;

const codecs = new Map(Object.values(QUEUES).map(({ name, codec }: QueueDefinition) => [name, codec]));

/** The codec of a queue; undefined when its jobs are plain JSON. */
export const codecOf = (queueName: string): JobCodec | undefined => codecs.get(queueName);
