import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { type IngestJob, QUEUES } from '#queue';
import { withTimeout } from '../../http/with-timeout.js';
import { QueueUnavailable } from './queue-unavailable.js';

const RETRY_MS = 200;
/** For how long a job is looked for that may have been added although its events were refused. */
const WITHDRAW_MS = 60_000;

const logger = new Logger('IngestQueue');

type AddingQueue = Pick<Queue, 'add' | 'remove'>;

/**
 * Adds a job, or throws when that takes too long: a client is answered within a second even when the
 * queue's own time-outs do not fire. The events of a job that was not added in time are refused and will be sent
 * again, so it is taken out again should it have been added after all: a queue that stood still does what it was
 * asked meanwhile as soon as it goes on.
 */
export async function addJob(
  queue: AddingQueue,
  jobId: string,
  job: IngestJob,
  timeoutMs: number,
): Promise<void> {
  const added = queue.add(QUEUES.ingest.name, job, { jobId });
  try {
    await withTimeout(added, timeoutMs);
  } catch (error) {
    void withdraw(queue, jobId, added);
    throw new QueueUnavailable((error as Error).message, { cause: error });
  }
}

/**
 * Asks for the removal at once: Redis does what comes over one connection in its order, so nobody else sees the job
 * in between. PostgreSQL may add it later, hence again once it is known what became of it, and until there is an
 * answer.
 */
async function withdraw(queue: AddingQueue, jobId: string, added: Promise<unknown>): Promise<void> {
  const first = queue.remove(jobId).catch(ignore);
  await Promise.allSettled([added, first]);
  for (
    const end = Date.now() + WITHDRAW_MS;
    Date.now() < end;
    await pause(RETRY_MS, undefined, { ref: false })
  ) {
    try {
      await queue.remove(jobId);
      return;
    } catch (error) {
      logger.debug(`job ${jobId} was refused and may be in the queue: ${(error as Error).message}`);
    }
  }
  logger.warn(`job ${jobId} was refused, but it is not known whether it is in the queue`);
}

const ignore = () => {};
