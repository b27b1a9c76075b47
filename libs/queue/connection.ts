import { createPostgresBackend, setDefaultBackendFactory } from 'bullmq';
import type { Environment } from '#config';

export type QueueBackend = 'redis' | 'postgres';

/** Redis when its URL is set, PostgreSQL otherwise. */
export function queueBackend(environment: Pick<Environment, 'REDIS_URL'>): QueueBackend {
  return environment.REDIS_URL ? 'redis' : 'postgres';
}

/**
 * Chooses the backend for every queue and worker of this process; call it before the first one is made.
 */
export function chooseQueueBackend(environment: Pick<Environment, 'REDIS_URL'>): void {
  setDefaultBackendFactory(queueBackend(environment) === 'postgres' ? createPostgresBackend : undefined);
}

/**
 * Milliseconds after which adding a job counts as failed: 503 within a second, of which the look-up of a key that is
 * known may take 100 and the rate limit 250.
 */
export const PRODUCER_TIMEOUT_MS = 600;

/** Milliseconds for a connection to PostgreSQL; a busy machine has been seen to take more than one second. */
const CONNECT_TIMEOUT_MS = 3000;

export type ConnectionPurpose = 'producer' | 'worker';

/**
 * Connection options for BullMQ. A producer fails at once when its backend is away, so that the client
 * hears of it; a worker waits for it to come back.
 *
 * @param role PostgreSQL role to act as; the tables of the queue are granted to it
 */
export function queueConnection(environment: Environment, purpose: ConnectionPurpose, role: string) {
  const producer = purpose === 'producer';
  if (environment.REDIS_URL) {
    return {
      url: environment.REDIS_URL,
      maxRetriesPerRequest: producer ? 1 : null,
      enableOfflineQueue: !producer,
      connectTimeout: 5000,
      // Keep trying, and often: an outage ends for clients as soon as Redis is back.
      retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1000),
      ...(producer ? { commandTimeout: PRODUCER_TIMEOUT_MS } : {}),
    };
  }
  const statementTimeout = producer ? ` -c statement_timeout=${PRODUCER_TIMEOUT_MS}` : '';
  return {
    connectionString: environment.DATABASE_URL,
    max: 4,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: `-c role=${role}${statementTimeout}`,
  };
}
