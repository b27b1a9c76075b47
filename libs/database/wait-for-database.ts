import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { failureKind } from './sql-state.js';

const RETRY_MS = 500;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Resolves once the database responds. A process must wait for that before it starts BullMQ's PostgreSQL
 * backend, which never recovers from a failed first connection.
 * @throws the last error after `timeoutMs`; any error that is not a connection error, without a retry
 */
export async function waitForDatabase(databaseUrl: string, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await askDatabase(databaseUrl);
    } catch (error) {
      if (failureKind(error) !== 'transient' || Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function askDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // Without a listener, a connection lost between two statements ends the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => {});
  }
}
