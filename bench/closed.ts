import pg from 'pg';
import { createPool } from '#database';
import { ClosingStore, closeDay } from '#segments';
import type { BenchDatabase } from './database.js';
import { bytesPerEvent } from './growth.js';
import { cpuSeconds } from './processes.js';
import { copyRows, renderRows } from './rows.js';

const DAY_MS = 86_400_000;

/** Midnight of today, in UTC. */
export const today = () => Math.floor(Date.now() / DAY_MS) * DAY_MS;

/**
 * Copies events into the rows of past days, spread evenly.
 * @returns CPU seconds of PostgreSQL per million events
 */
export async function fillPastDays(
  { url, organizationIds }: BenchDatabase,
  postgresPid: number,
  { days, thousandsPerDay, seed }: { days: number; thousandsPerDay: number; seed: number },
): Promise<number> {
  const start = today() - days * DAY_MS;
  const before = cpuSeconds(postgresPid);
  // Two connections: one renders while the other one waits for PostgreSQL.
  const connections = [0, 1].map(async (part) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let day = part; day < days; day += 2) {
      // The stream repeats events, which are left out: so that the last one is still from this day.
      const instants = {
        start: start + day * DAY_MS,
        perMillisecond: (thousandsPerDay * 1000 * 1.1) / DAY_MS,
      };
      await copyRows(client, renderRows(organizationIds, thousandsPerDay, seed + day, instants));
    }
    await client.end();
  });
  await Promise.all(connections);
  return ((cpuSeconds(postgresPid) - before) / (days * thousandsPerDay)) * 1000;
}

export interface Closing {
  /** CPU of PostgreSQL and this process per million events, in seconds. */
  readonly cpuSeconds: number;
  readonly bytesPerEvent: number;
}

/** Closes all past days. */
export async function closePastDays(url: string, postgresPid: number): Promise<Closing> {
  const pool = createPool({ databaseUrl: url, role: 'worker', size: 1 });
  const cpu = () => cpuSeconds(postgresPid) + cpuSeconds(process.pid);
  const before = cpu();
  let events = 0;
  for (const day of await new ClosingStore(pool).daysToClose(new Date(today()))) {
    events += (await closeDay(pool, day)).events;
  }
  const closed = cpu() - before;
  await pool.end();
  return {
    cpuSeconds: (closed / events) * 1e6,
    bytesPerEvent: await bytesPerEvent(url, ['event_blocks', 'event_segments']),
  };
}
