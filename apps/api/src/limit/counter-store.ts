import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import { withTimeout } from '../http/with-timeout.js';

const KEY_PREFIX = 'rate-limit';
/** Milliseconds the API waits for Redis at start; it starts without it as well. */
const CONNECT_TIMEOUT_MS = 2000;

/** The counter that all replicas share. */
export interface CounterStore {
  readonly limiter: Pick<RateLimiterAbstract, 'penalty'>;
  close(): void;
}

/** Counts in Redis; keys expire with their windows. */
export async function redisCounterStore(url: string, windowSeconds: number): Promise<CounterStore> {
  const client = new Redis(url, {
    // Without a connection, counting falls back immediately instead of queueing commands.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1000),
  });
  // Without a listener ioredis prints every failed attempt. The caller gets the error anyway.
  client.on('error', () => {});
  await withTimeout(once(client, 'ready'), CONNECT_TIMEOUT_MS).catch(() => {});
  // `points` is unused: each organization has its own limit.
  const limiter = new RateLimiterRedis({
    storeClient: client,
    keyPrefix: KEY_PREFIX,
    points: 0,
    duration: windowSeconds,
  });
  return { limiter, close: () => client.disconnect() };
}

/**
 * Counts in the table `rate_limits`, which a migration creates. Every five minutes the limiter deletes rows that
 * expired an hour ago.
 */
export function postgresCounterStore(pool: Pool, windowSeconds: number): CounterStore {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: KEY_PREFIX,
    points: 0,
    duration: windowSeconds,
  });
  return { limiter, close: () => {} };
}
