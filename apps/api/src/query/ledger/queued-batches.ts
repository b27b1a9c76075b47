import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { BatchHeader, EncodedBatch } from '#batch';
import { QUEUES } from '#queue';
import { unavailable } from '../../http/problem.js';

/** A batch that stands in a queue, as far as the ledger is concerned. */
export type QueuedBatch = Pick<EncodedBatch, keyof BatchHeader | 'count' | 'erased'>;

const PAGE = 20;
/** Jobs looked at for each queue; a longer one is told as incomplete. */
const MOST_JOBS = 1000;

/** Looks into the queues for an organization's batches. */
@Injectable()
export class QueuedBatches {
  private readonly logger = new Logger(QueuedBatches.name);

  constructor(
    @InjectQueue(QUEUES.ingest.name) private readonly ingest: Queue,
    @InjectQueue(QUEUES.deadLetters.name) private readonly deadLetters: Queue,
  ) {}

  /**
   * Batches on their way, and batches that failed as a whole.
   * @throws Problem 503 when the queue does not answer: without it nothing balances
   */
  async of(organizationId: string) {
    const [inFlight, dead] = await Promise.all([
      batchesIn(this.ingest, organizationId),
      batchesIn(this.deadLetters, organizationId),
    ]).catch((error: Error) => {
      this.logger.warn(`queue unavailable: ${error.message}`);
      throw unavailable('queue_unavailable', 'What is in the queue cannot be told at the moment');
    });
    return { inFlight: inFlight.batches, dead: dead.batches, complete: inFlight.complete && dead.complete };
  }
}

async function batchesIn(queue: Queue, organizationId: string) {
  const batches = new Map<string, QueuedBatch>();
  for (let start = 0; start < MOST_JOBS; start += PAGE) {
    const jobs = await queue.getJobs(['active', 'waiting', 'delayed', 'failed'], start, start + PAGE - 1);
    for (const job of jobs) {
      for (const batch of (job?.data?.batches ?? []) as QueuedBatch[]) {
        if (batch.organizationId === organizationId) batches.set(batch.batchId, batch);
      }
    }
    if (jobs.length < PAGE) return { batches: [...batches.values()], complete: true };
  }
  return { batches: [...batches.values()], complete: false };
}
