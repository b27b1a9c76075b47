import { getQueueToken } from '@nestjs/bullmq';
import type { INestApplicationContext } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Environment } from '#config';
import { QUEUES, queueBackend } from '#queue';
import { warnIfNotDurable } from './warn-if-not-durable.js';

/**
 * Connects the queues before the API takes its first request. BullMQ's PostgreSQL backend never retries a
 * first connection that failed, so the process must exit and be restarted. Redis reconnects by itself:
 * meanwhile the API answers 503.
 * @throws the connection error
 */
export async function connectQueues(app: INestApplicationContext, environment: Environment): Promise<void> {
  const queueNamed = (name: string) => app.get<Queue>(getQueueToken(name), { strict: false });
  if (queueBackend(environment) === 'redis') {
    void warnIfNotDurable(queueNamed(QUEUES.ingest.name));
    return;
  }
  await Promise.all(Object.values(QUEUES).map(({ name }) => queueNamed(name).waitUntilReady()));
}
