import { type Queue, RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';

/** Settings with which Redis writes a job to disk before it replies, and never evicts it. */
const REQUIRED = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/**
 * Finds settings of the queue's Redis that break the promise of a 202.
 * @returns one `name is value, not value` for each; null when settings cannot be read, because the queue is
 *   in PostgreSQL or the server forbids it
 * @throws the connection error
 */
export async function durabilityFaults(queue: Queue): Promise<string[] | null> {
  await queue.waitUntilReady();
  const backend = queue.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return null;
  // BullMQ's type of the client lacks commands that a queue does not use.
  const client = (await backend.client) as unknown as Redis;
  const given = new Map<string, string>();
  for (const name of Object.keys(REQUIRED)) {
    const answer = await client.config('GET', name).catch(() => null);
    if (!Array.isArray(answer) || answer.length < 2) return null;
    given.set(name, String(answer[1]));
  }
  return Object.entries(REQUIRED)
    .filter(([name, value]) => given.get(name) !== value)
    .map(([name, value]) => `${name} is ${given.get(name)}, not ${value}`);
}
