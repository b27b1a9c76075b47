import pg from 'pg';
import { createBenchDatabase } from './database.js';
import { copyRows, renderRows } from './rows.js';

/**
 * (a) Upper bound: COPY of pre-rendered rows into the same partitioned table and index, over one connection, one
 * commit per thousand rows.
 * @returns events a second
 */
export async function measureCopy(serverUrl: string, batches: number, seed: number): Promise<number> {
  const database = await createBenchDatabase(serverUrl, 'bench_copy');
  const instants = { start: Date.now(), perMillisecond: 100 };
  const chunks = [...renderRows(database.organizationIds, batches, seed, instants)];
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const start = performance.now();
  await copyRows(client, chunks);
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  return (batches * 1000) / seconds;
}
