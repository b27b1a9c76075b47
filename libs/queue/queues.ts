import type { JobsOptions, WorkerOptions } from 'bullmq';

/** How a queue's jobs are added and worked on. */
export interface QueueDefinition {
  readonly name: string;
  readonly job: JobsOptions;
  /** Absent: nothing consumes the queue. */
  readonly worker?: Omit<WorkerOptions, 'connection'>;
}

/**
 * Every queue with all its options.
 *
 * - A stalled job is one whose worker died or hung; its batch is still counted once, so it may stall
 *   as often as it likes. BullMQ's default of one stall would fail it without running it again.
 * - Finished jobs are removed: the ledger is the record of what was done.
 */
export const QUEUES = {
  ingest: {
    name: 'ingest',
    job: { attempts: 3, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true },
    worker: { maxStalledCount: 1_000_000, lockDuration: 15_000, stalledInterval: 5_000, autorun: false },
  },
  /** Whole batches that failed three times; nothing consumes them until someone replays them. */
  deadLetters: {
    name: 'dead-letters',
    job: { attempts: 1 },
  },
} as const satisfies Readonly<Record<string, QueueDefinition>>;
