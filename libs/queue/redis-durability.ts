import { type Queue, RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';

/** What Redis has to be told for a job to be on disk when it says so, and to stay there. */
const NEEDED = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/**
 * Which settings of the queue's Redis do not keep what a 202 promises, as `name is value, not value`.
 * @returns null where they cannot be read: the queue is in PostgreSQL, or the server tells nobody
 * @throws the error of the connection
 */
export async function durabilityFaults(queue: Queue): Promise<string[] | null> {
  await queue.waitUntilReady();
  const backend = queue.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return null;
  // BullMQ's own type of it leaves out what a queue does not need.
  const client = (await backend.client) as unknown as Redis;
  const given = new Map<string, string>();
  for (const name of Object.keys(NEEDED)) {
    const answer = await client.config('GET', name).catch(() => null);
    if (!Array.isArray(answer) || answer.length < 2) return null;
    given.set(name, String(answer[1]));
  }
  return Object.entries(NEEDED)
    .filter(([name, value]) => given.get(name) !== value)
    .map(([name, value]) => `${name} is ${given.get(name)}, not ${value}`);
}
