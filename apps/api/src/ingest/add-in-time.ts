import type { Queue } from 'bullmq';
import { type IngestJob, QUEUES } from '#queue';
import { inTime, TooLate } from '../in-time.js';
import { QueueUnavailable } from './batch-queue.js';

/**
 * Adds a job, or throws when that takes too long: a client is answered within a second even when the
 * queue's own time-outs do not fire. A job that is added after all is taken out again, for its events
 * were refused and will be sent again.
 */
export async function addInTime(
  queue: Pick<Queue, 'add' | 'remove'>,
  jobId: string,
  job: IngestJob,
  timeoutMs: number,
): Promise<void> {
  const added = queue.add(QUEUES.ingest.name, job, { jobId });
  try {
    await inTime(added, timeoutMs);
  } catch (error) {
    if (!(error instanceof TooLate)) throw error;
    // Who has refused already has no use for another failure.
    added.then(() => queue.remove(jobId)).catch(() => {});
    throw new QueueUnavailable('the queue did not answer in time');
  }
}
