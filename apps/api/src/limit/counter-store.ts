import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { withTimeout } from '../http/with-timeout.js';

const KEY_PREFIX = 'rate-limit';
/** Milliseconds that the API's start waits for Redis; it does start without. */
const CONNECT_TIMEOUT_MS = 2000;

/** Where requests are counted for all replicas. */
export interface CounterStore {
  readonly limiter: Pick<RateLimiterAbstract, 'penalty'>;
  close(): void;
}

/** Counts in Redis; keys go with their windows. */
export async function redisCounterStore(url: string, windowSeconds: number): Promise<CounterStore> {
  const client = new Redis(url, {
    // What cannot be counted now is counted elsewhere: nothing is kept for later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1000),
  });
  // Without a listener ioredis writes each failed attempt to the console; who counts hears of it anyway.
  client.on('error', () => {});
  await withTimeout(once(client, 'ready'), CONNECT_TIMEOUT_MS).catch(() => {});
  // Its `points` are not used: each organization has a limit of its own.
  const limiter = new RateLimiterRedis({
    ...{ storeClient: client, keyPrefix: KEY_PREFIX, points: 0, duration: windowSeconds },
  });
  return { limiter, close: () => client.disconnect() };
}

/**
 * Counts in the table `rate_limits`, which the migrations make. The limiter itself deletes, every five minutes,
 * what ended an hour ago.
 */
export function postgresCounterStore(pool: Pool, windowSeconds: number): CounterStore {
  const limiter = new RateLimiterPostgres({
    ...{ storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true },
    ...{ keyPrefix: KEY_PREFIX, points: 0, duration: windowSeconds },
  });
  return { limiter, close: () => {} };
}
