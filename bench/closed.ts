import pg from 'pg';
import { createPool } from '#database';
import { closeDay } from '#segments';
import { createBenchDatabase } from './database.js';
import { bytesPerEvent } from './growth.js';
import { cpuSeconds } from './processes.js';
import { copyRows, renderRows } from './rows.js';

const DAY_MS = 86_400_000;

export interface Closing {
  /** CPU of PostgreSQL and the closing process per million events, in seconds. */
  readonly cpuSeconds: number;
  /** The same of the COPY that inserted them. */
  readonly copyCpuSeconds: number;
  readonly bytesPerEvent: number;
}

/** (g) Closes a day with a million events, which COPY has inserted, spread over yesterday. */
export async function measureClosing(
  serverUrl: string,
  postgresPid: number,
  chunks: number,
  seed: number,
): Promise<Closing> {
  const database = await createBenchDatabase(serverUrl, 'bench_closed');
  const from = (Math.floor(Date.now() / DAY_MS) - 1) * DAY_MS;
  // The stream repeats events, which are left out: so that the last one is still from yesterday.
  const instants = { start: from, perMillisecond: (chunks * 1000 * 1.1) / DAY_MS };
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const beforeCopy = cpuSeconds(postgresPid);
  await copyRows(client, renderRows(database.organizationIds, chunks, seed, instants));
  const copied = cpuSeconds(postgresPid) - beforeCopy;
  await client.query('VACUUM (ANALYZE) event_rows');
  await client.query('CHECKPOINT');
  const pool = createPool({ databaseUrl: database.url, role: 'worker', size: 1 });
  const before = cpuSeconds(postgresPid) + cpuSeconds(process.pid);
  const { events } = await closeDay(pool, { from: new Date(from), to: new Date(from + DAY_MS) });
  const closed = cpuSeconds(postgresPid) + cpuSeconds(process.pid) - before;
  await pool.end();
  await client.end();
  return {
    cpuSeconds: (closed / events) * 1e6,
    copyCpuSeconds: (copied / events) * 1e6,
    bytesPerEvent: await bytesPerEvent(database.url, ['event_blocks', 'event_segments']),
  };
}
