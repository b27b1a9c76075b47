import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { type IngestJob, QUEUES } from '#queue';
import { withTimeout } from '../../http/with-timeout.js';
import { QueueUnavailable } from './queue-unavailable.js';

const RETRY_MS = 200;
/** How long to try to remove a job that may have been added although its events were refused. */
const WITHDRAW_MS = 60_000;

const logger = new Logger('IngestQueue');

type AddingQueue = Pick<Queue, 'add' | 'remove'>;

/**
 * Adds a job within its own time-out, so that a client is answered within a second even when the time-outs of
 * the queue do not fire. The client sends refused events again, so a job that a frozen queue adds late is
 * removed.
 * @throws QueueUnavailable
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
 * Requests the removal immediately: Redis executes the commands of a connection in order, so no worker sees
 * the job. PostgreSQL may add it later, so it is removed again once the add has settled, until that succeeds.
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
