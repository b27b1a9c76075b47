import { getQueueToken } from '@nestjs/bullmq';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Environment } from '#config';
import { durabilityFaults, QUEUES, queueBackend } from '#queue';

/**
 * Makes sure that the queues have reached PostgreSQL before the API takes its first request. BullMQ remembers
 * a first connection that failed and never tries again, so a process that could not make it must end and be
 * started anew. Redis is reconnected to by itself: an API without it is up, and answers 503.
 * @throws the error of the connection
 */
export async function connectQueues(app: INestApplicationContext, environment: Environment): Promise<void> {
  if (queueBackend(environment) !== 'postgres') {
    void warnOfLooseRedis(app.get<Queue>(getQueueToken(QUEUES.ingest.name), { strict: false }));
    return;
  }
  const queues = Object.values(QUEUES).map(({ name }) =>
    app.get<Queue>(getQueueToken(name), { strict: false }),
  );
  await Promise.all(queues.map((queue) => queue.waitUntilReady()));
}

/** Says so, once Redis is there, when it would lose events that were accepted. */
async function warnOfLooseRedis(queue: Queue): Promise<void> {
  const logger = new Logger('IngestQueue');
  try {
    const faults = await durabilityFaults(queue);
    if (faults?.length) logger.warn(`Redis may lose accepted events: ${faults.join('; ')}`);
  } catch (error) {
    logger.warn(`how durable Redis is could not be told: ${(error as Error).message}`);
  }
}
