import pg from 'pg';
import { failureKind } from './sql-state.js';

const TRY_EVERY_MS = 500;

/**
 * Resolves once the database answers. A process that started before its database would keep BullMQ's
 * PostgreSQL backend broken for good: it remembers a failed first connection.
 * @throws the last error after `patienceMs`, or at once when it is not about reaching the server
 */
export async function waitForDatabase(databaseUrl: string, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
    // Lost between two statements, the connection would end the process; whoever comes next tries again.
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch (error) {
      if (failureKind(error) !== 'transient' || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    } finally {
      await client.end().catch(() => {});
    }
  }
}
