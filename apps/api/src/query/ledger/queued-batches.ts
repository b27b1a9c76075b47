import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { type BatchJobData, type BatchWithoutColumns, QUEUES } from '#queue';
import { unavailable } from '../../http/problem.js';

/** The fields of a queued batch that the ledger needs. */
export type QueuedBatch = Pick<
  BatchWithoutColumns,
  'organizationId' | 'batchId' | 'receivedAt' | 'count' | 'erased'
>;

const PAGE = 20;
/** Most jobs read per queue; with more, the answer is marked as incomplete. */
const MAX_JOBS = 1000;

/** Finds an organization's batches in the queues. */
@Injectable()
export class QueuedBatches {
  private readonly logger = new Logger(QueuedBatches.name);

  constructor(
    @InjectQueue(QUEUES.ingest.name) private readonly ingest: Queue,
    @InjectQueue(QUEUES.deadLetters.name) private readonly deadLetters: Queue,
  ) {}

  /**
   * Batches that wait to be stored, and batches that failed as a whole.
   * @throws Problem 503 when a queue is not responding: the ledger would not balance without it
   */
  async of(organizationId: string) {
    const [inFlight, dead] = await Promise.all([
      batchesIn(this.ingest, organizationId),
      batchesIn(this.deadLetters, organizationId),
    ]).catch((error: Error) => {
      this.logger.warn(`queue unavailable: ${error.message}`);
      throw unavailable('queue_unavailable', 'The queue is not responding');
    });
    return { inFlight: inFlight.batches, dead: dead.batches, complete: inFlight.complete && dead.complete };
  }
}

async function batchesIn(queue: Queue, organizationId: string) {
  const batches = new Map<string, QueuedBatch>();
  for (let start = 0; start < MAX_JOBS; start += PAGE) {
    const jobs = await queue.getJobs(['active', 'waiting', 'delayed', 'failed'], start, start + PAGE - 1);
    for (const job of jobs) {
      const data: Partial<BatchJobData> | undefined = job?.data;
      for (const batch of data?.batches ?? []) {
        if (batch.organizationId === organizationId) batches.set(batch.batchId, batch);
      }
    }
    if (jobs.length < PAGE) return { batches: [...batches.values()], complete: true };
  }
  return { batches: [...batches.values()], complete: false };
}
