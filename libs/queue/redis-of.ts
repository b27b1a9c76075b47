import { type Queue, RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';

/**
 * The connection of a queue to Redis; null when the queue is in PostgreSQL.
 * @throws the connection error
 */
export async function redisOf(queue: Queue): Promise<Redis | null> {
  await queue.waitUntilReady();
  const backend = queue.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return null;
  // BullMQ's type of the client lacks commands that a queue does not use.
  return (await backend.client) as unknown as Redis;
}
