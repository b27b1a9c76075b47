import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { redisOf } from './redis-of.js';

/** Settings with which Redis writes a job to disk before it replies, and never evicts it. */
const REQUIRED = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' } as const;

/** A setting that breaks the promise of a 202. */
export interface DurabilityBreach {
  readonly name: keyof typeof REQUIRED;
  readonly given: string;
  readonly required: string;
}

/**
 * Finds settings of the queue's Redis that break the promise of a 202.
 * @returns one `name is value, not value` for each; null when settings cannot be read, because the queue is
 *   in PostgreSQL or the server forbids it
 * @throws the connection error
 */
export async function durabilityFaults(queue: Queue): Promise<string[] | null> {
  const redis = await redisOf(queue);
  const breaches = redis && (await durabilityBreaches(redis));
  return breaches?.map(({ name, given, required }) => `${name} is ${given}, not ${required}`) ?? null;
}

/** @returns null when the server forbids reading its settings */
export async function durabilityBreaches(redis: Redis): Promise<DurabilityBreach[] | null> {
  const given = new Map<string, string>();
  for (const name of Object.keys(REQUIRED)) {
    const answer = await redis.config('GET', name).catch(() => null);
    if (!Array.isArray(answer) || answer.length < 2) return null;
    given.set(name, String(answer[1]));
  }
  return Object.entries(REQUIRED).flatMap(([name, required]) =>
    given.get(name) === required
      ? []
      : [{ name: name as keyof typeof REQUIRED, given: given.get(name)!, required }],
  );
}
