import pg from 'pg';
import { createPool } from '#database';
import { Compactor } from '#rollups';
import { filterRows } from '#segments';
import { closePastDays, today } from '../closed.js';
import { waitForCount } from '../database.js';
import { type Stage, startPipeline, stopPipeline } from '../end-to-end.js';
import type { Crowd } from '../events.js';
import { vacuum } from '../growth.js';
import { prepareLoad } from '../processes.js';

const RECEIVED = 'SELECT sum(received) AS n FROM ledger';
const DAY_SECONDS = 86_400;
const EVENTS_PER_REQUEST = 1000;
/** Requests of one load generator: all are rendered before the first is sent. */
const REQUESTS_PER_PART = 1000;
/** The largest of 50 organizations has 40 % of the events. */
export const CROWD = { exponent: 1.48 };
/** Pages of the second organization, for the question about many series; the limit is 10,000 series a day. */
export const MANY_PAGES = 9_900;

export interface Volume {
  readonly days: number;
  /** Of all days but today. */
  readonly pastEvents: number;
  readonly eventsToday: number;
}

/** Sends events through the pipeline, compacts, and closes all days but today. */
export async function fillForQueries(
  stage: Stage,
  volume: Volume,
  say: (text: string) => void,
): Promise<void> {
  const pipeline = await startPipeline(stage);
  const past = (volume.days - 1) * DAY_SECONDS;
  const midnight = today();
  const send = (events: number, from: number, spreadSeconds: number) =>
    sendEvents(stage, { events, from, spreadSeconds, crowd: CROWD }, say);
  await send(volume.pastEvents, midnight - past * 1000, past);
  await send(volume.eventsToday, midnight, (Date.now() - midnight) / 1000);
  await sendPages(stage, volume.days);
  await untilStored(stage);
  await stopPipeline(pipeline);
  await compact(stage.database.url);
  await closePastDays(stage.database.url, stage.postgresPid);
  await makeFilters(stage.database.url);
  await vacuum(stage.database.url);
  await analyze(stage.database.url);
}

/** Events that are sent, spread evenly over a range. */
export interface Sending {
  readonly events: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly spreadSeconds: number;
  readonly crowd: Partial<Crowd>;
}

/** Sends events, and waits until they are stored. */
export async function sendEvents(
  { ports, database }: Stage,
  { events, from, spreadSeconds, crowd }: Sending,
  say: (text: string) => void,
): Promise<void> {
  const parts = Math.ceil(events / (REQUESTS_PER_PART * EVENTS_PER_REQUEST));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ n: string | null }>(RECEIVED);
  let received = Number(rows[0]!.n ?? 0);
  for (let part = 0; part < parts; part++) {
    const load = await prepareLoad({
      ...{
        port: ports[0]!,
        path: '/v1/events',
        apiKeys: database.apiKeys,
        connections: 8,
        crowd,
      },
      requests: Math.min(
        REQUESTS_PER_PART,
        Math.round(events / EVENTS_PER_REQUEST) - part * REQUESTS_PER_PART,
      ),
      eventsPerRequest: EVENTS_PER_REQUEST,
      seed: from + part,
      from: from + (part * spreadSeconds * 1000) / parts,
      spreadSeconds: spreadSeconds / parts,
    });
    const { accepted } = await load.go();
    // Or the queue grows until requests are refused.
    received += accepted;
    await waitForCount(client, RECEIVED, received);
    say(`sent ${accepted} events`);
  }
  await client.end();
}

/** Each page once a day, in the second organization. */
async function sendPages({ ports, database }: Stage, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    const ts = new Date(today() - day * DAY_SECONDS * 1000).toISOString();
    for (let first = 0; first < MANY_PAGES; first += EVENTS_PER_REQUEST) {
      const pages = Array.from(
        { length: Math.min(EVENTS_PER_REQUEST, MANY_PAGES - first) },
        (_, i) => first + i,
      );
      const events = pages.map((page) => ({
        ...{ id: `page-${page}`, ts, type: 'page_view', payload: { page: `/item/${page}`, status: 200 } },
      }));
      const response = await fetch(`http://127.0.0.1:${ports[0]}/v1/events`, {
        method: 'POST',
        headers: { 'x-api-key': database.apiKeys[1]!, 'content-type': 'application/json' },
        body: JSON.stringify(events),
      });
      if (response.status !== 202) throw new Error(await response.text());
    }
  }
}

/** Waits until the worker has emptied the queue. */
async function untilStored({ database, ports }: Stage): Promise<void> {
  const marker = { id: 'marker', ts: new Date().toISOString(), type: 'page_view', payload: { page: '/' } };
  await fetch(`http://127.0.0.1:${ports[0]}/v1/events`, {
    method: 'POST',
    headers: { 'x-api-key': database.apiKeys.at(-1)!, 'content-type': 'application/json' },
    body: JSON.stringify(marker),
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await waitForCount(client, `SELECT count(*) AS n FROM event_rows WHERE id = 'marker'`, 1);
  await client.end();
}

/** Folds in all deltas. */
export async function compact(databaseUrl: string): Promise<void> {
  const pool = createPool({ databaseUrl, role: 'worker', size: 2 });
  await new Compactor(pool).compactAll();
  await pool.end();
}

/** As the worker does while it runs. */
async function makeFilters(databaseUrl: string): Promise<void> {
  const pool = createPool({ databaseUrl, role: 'worker', size: 1 });
  await filterRows(pool, { before: new Date() });
  await pool.end();
}

/** Vacuums and analyzes what is counted. */
export async function analyze(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    'VACUUM (ANALYZE) rollups, sessions, user_days, user_periods, user_first_days, event_blocks',
  );
  await client.end();
}
