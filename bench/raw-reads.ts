import pg from 'pg';
import { today } from './closed.js';
import type { BenchDatabase } from './database.js';

const DAY_MS = 86_400_000;
const REPEATS = 5;
/** The type and field of the average. */
const TYPE = 'voice_metric';
const FIELD = 'talked_time';

const ROWS = `
  SELECT avg((payload->>'${FIELD}')::float8) AS average FROM event_rows
  WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND type = '${TYPE}'`;
const SEGMENTS = `
  SELECT avg((payload->>'${FIELD}')::float8) AS average FROM payloads_between($1, $2, $3, '${TYPE}') AS payload`;

/** Milliseconds of the average of a payload field over the last seven days of the largest organization. */
export async function timeAverage(
  { url, organizationIds }: BenchDatabase,
  from: 'rows' | 'segments',
): Promise<{ milliseconds: number; average: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET max_parallel_workers_per_gather = 0');
  const range = [new Date(today() - 7 * DAY_MS), new Date(today())];
  let average = 0;
  const milliseconds = await fastest(async () => {
    const { rows } = await client.query(from === 'rows' ? ROWS : SEGMENTS, [organizationIds[0], ...range]);
    average = rows[0].average;
  });
  await client.end();
  return { milliseconds, average };
}

/** Milliseconds of `GET /v1/events` of the largest organization. */
export interface Listings {
  /** The slowest of the newest thousand events and of a thousand from the middle and from the end of the range. */
  readonly newest: number;
  /** The slowest of the events of a user, a session, and of a user and a session that do not exist. */
  readonly filtered: number;
}

export async function timeListings(
  { apiKeys }: BenchDatabase,
  port: number,
  days: number,
): Promise<Listings> {
  const list = async (parameters: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams({ limit: '1000', ...parameters });
    const response = await fetch(`http://127.0.0.1:${port}/v1/events?${query}`, {
      headers: { 'x-api-key': apiKeys[0]! },
    });
    if (response.status !== 200) throw new Error(await response.text());
    return ((await response.json()) as { data: { user_id: string; session_id: string }[] }).data;
  };
  const before = (share: number) => ({ to: new Date(today() - days * share * DAY_MS).toISOString() });
  const [event] = await list({ ...before(0.4), limit: '1' });
  const { user_id, session_id } = event!;
  const slowest = async (queries: readonly Readonly<Record<string, string>>[]) => {
    const times: number[] = [];
    for (const query of queries) times.push(await fastest(() => list(query)));
    return Math.max(...times);
  };
  return {
    newest: await slowest([{}, before(0.5), before(0.97)]),
    filtered: await slowest([{ user_id }, { session_id }, { user_id: 'nobody' }, { session_id: 'nobody' }]),
  };
}

async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
