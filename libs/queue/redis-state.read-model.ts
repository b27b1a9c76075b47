import type { Queue } from 'bullmq';
import { type DurabilityBreach, durabilityBreaches } from './redis-durability.js';
import { redisOf } from './redis-of.js';

/** What the queue's Redis says about itself. */
export interface RedisState {
  /** Milliseconds of a PING. */
  readonly latency_ms: number;
  readonly used_memory_bytes: number;
  /** Null: no limit. */
  readonly max_memory_bytes: number | null;
  /** Whether it logs writes to a file, and how the last write and the last rewrite of the file went: `ok` or `err`. */
  readonly aof_enabled: boolean;
  readonly aof_last_write: string | null;
  readonly aof_last_rewrite: string | null;
  /** Settings that break the promise of a 202; null: it forbids reading them. */
  readonly breaches: readonly DurabilityBreach[] | null;
}

/**
 * Reads it.
 * @returns null when the queue is in PostgreSQL
 * @throws the connection error
 */
export async function redisState(queue: Queue): Promise<RedisState | null> {
  const redis = await redisOf(queue);
  if (!redis) return null;
  const begun = performance.now();
  await redis.ping();
  const latency_ms = Math.round((performance.now() - begun) * 10) / 10;
  const info = new Map(
    (await redis.info()).split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
  const most = Number(info.get('maxmemory') ?? 0);
  return {
    latency_ms,
    used_memory_bytes: Number(info.get('used_memory')),
    max_memory_bytes: most > 0 ? most : null,
    aof_enabled: info.get('aof_enabled') === '1',
    aof_last_write: info.get('aof_last_write_status') ?? null,
    aof_last_rewrite: info.get('aof_last_bgrewrite_status') ?? null,
    breaches: await durabilityBreaches(redis),
  };
}
