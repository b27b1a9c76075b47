import { createPostgresBackend, setDefaultBackendFactory } from 'bullmq';
import type { Environment } from '#config';
import { QuietClient } from './quiet-client.js';

export type QueueBackend = 'redis' | 'postgres';

/** Redis when its URL is set, PostgreSQL otherwise. */
export function queueBackend(environment: Pick<Environment, 'REDIS_URL'>): QueueBackend {
  return environment.REDIS_URL ? 'redis' : 'postgres';
}

/** Chooses the backend of all queues and workers of this process. Call it before creating the first one. */
export function chooseQueueBackend(environment: Pick<Environment, 'REDIS_URL'>): void {
  setDefaultBackendFactory(queueBackend(environment) === 'postgres' ? createPostgresBackend : undefined);
}

/**
 * Milliseconds after which adding a job fails. The 503 is due within a second, of which looking up a known
 * key may take 100 ms and the rate limit 250 ms.
 */
export const PRODUCER_TIMEOUT_MS = 600;

/** Milliseconds to connect to PostgreSQL, which took more than one second on a busy machine. */
const CONNECT_TIMEOUT_MS = 3000;

export type ConnectionPurpose = 'producer' | 'worker';

/**
 * Connection options for BullMQ. A producer fails immediately when its backend is down, so that the client
 * gets an answer; a worker waits until the backend is back.
 * @param role PostgreSQL role with access to the queue's tables
 */
export function queueConnection(environment: Environment, purpose: ConnectionPurpose, role: string) {
  const producer = purpose === 'producer';
  if (environment.REDIS_URL) {
    return {
      url: environment.REDIS_URL,
      maxRetriesPerRequest: producer ? 1 : null,
      enableOfflineQueue: !producer,
      connectTimeout: 5000,
      // At least once a second: clients see the end of an outage only after the reconnect.
      retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1000),
      ...(producer ? { commandTimeout: PRODUCER_TIMEOUT_MS } : {}),
    };
  }
  const statementTimeout = producer ? ` -c statement_timeout=${PRODUCER_TIMEOUT_MS}` : '';
  return {
    connectionString: environment.DATABASE_URL,
    max: 4,
    Client: QuietClient,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: `-c role=${role}${statementTimeout}`,
  };
}
