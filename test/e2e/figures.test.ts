import { once } from 'node:events';
import { connect } from 'node:net';
import type { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const MINUTE_MS = 60_000;
/** Long enough that nothing expires during the test. */
const SETTINGS = { CACHE_TTL_SECONDS: '300' };

interface Performance {
  readonly ingestion_rate: number;
  readonly processing_latency_ms: number | null;
  readonly query_response_time_ms: number | null;
  readonly memory_usage_mb: number;
  readonly active_connections: number;
  readonly cache_hit_rate: number | null;
  readonly api_replicas: number;
  readonly workers: number;
}

let running: RunningApi;
let replica: BuiltProcess;
/** Each keeps one connection open. */
let client: HttpClient;
let there: HttpClient;

beforeAll(async () => {
  running = await startApi({ settings: SETTINGS, workers: 1 });
  replica = await running.startReplica();
  client = new HttpClient(running.url, running.caller.adminKey);
  there = new HttpClient(replica.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

async function performanceOf(from = client, key?: string): Promise<Performance> {
  const answer = await from.send({ path: '/api/metrics/performance', ...(key && { key }) });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body as unknown as Performance;
}

/** Waits until the figures are as expected. */
const until = (what: string, isSo: (figures: Performance) => boolean, from = client) =>
  eventually(what, async () => {
    const figures = await performanceOf(from);
    return isSo(figures) && figures;
  });

/** Waits until every process has reported once more. */
async function reported(): Promise<void> {
  const { rows } = await running.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
  await eventually('all have reported', async () => {
    const late = await running.database.query(
      `SELECT FROM replicas WHERE reported_at <= $1 AND reported_at > $1::timestamptz - interval '10 seconds'`,
      [rows[0]!.now],
    );
    return late.rowCount === 0;
  });
}

const openConnections = (url: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );

describe('performance', () => {
  it('is the same wherever one asks, and has every process', async () => {
    const second = await running.startWorker();
    for (const from of [client, there]) {
      const figures = await until(
        'all four have reported',
        ({ api_replicas, workers }) => api_replicas === 2 && workers === 2,
        from,
      );
      expect(figures.memory_usage_mb).toBeGreaterThan(4 * 40);
      expect(figures.memory_usage_mb).toBeLessThan(4 * 400);
    }
    expect(await second.end('SIGTERM')).toBe(0);
    // It has said goodbye.
    expect((await performanceOf()).workers).toBe(1);
  });

  it('adds up the connections to all replicas', async () => {
    await reported();
    const { active_connections: before } = await performanceOf();
    // Silent ones are closed after ten seconds.
    const open = [...(await openConnections(running.url, 3)), ...(await openConnections(replica.url, 5))];
    await reported();
    expect((await performanceOf()).active_connections).toBe(before + 8);
    for (const socket of open) socket.destroy();
    await reported();
    expect((await performanceOf()).active_connections).toBe(before);
  });

  it('averages over the queries of all replicas', async () => {
    expect((await performanceOf()).cache_hit_rate).toBeNull();
    const to = Math.floor(Date.now() / MINUTE_MS - 10) * MINUTE_MS;
    const [from, end] = [to - 10 * MINUTE_MS, to].map((instant) => new Date(instant).toISOString());
    const path = `/v1/aggregates?type=page_view&from=${from}&to=${end}`;
    for (const one of [client, client, client, client, there]) {
      expect((await one.send({ path })).status).toBe(200);
    }
    // Without Redis each replica has a cache of its own: the first query of each is a miss.
    const figures = await until('all five are counted', ({ cache_hit_rate }) => cache_hit_rate === 0.6);
    expect(figures.query_response_time_ms).toBeGreaterThan(0);
    expect(figures.query_response_time_ms).toBeLessThan(1_000);
  });

  it('has the rate of the organization, and the latency of all events', async () => {
    expect(await performanceOf()).toMatchObject({ ingestion_rate: 0, processing_latency_ms: null });
    const ts = new Date().toISOString();
    const events = Array.from({ length: 60 }, (_, n) => ({ id: `e${n}`, ts, type: 'page_view' }));
    for (const one of [client, there]) expect((await one.post(events)).status).toBe(202);
    const figures = await until(
      'both batches are in, though all of the second are duplicates',
      ({ ingestion_rate, processing_latency_ms }) => ingestion_rate === 2 && processing_latency_ms !== null,
    );
    expect(figures.processing_latency_ms).toBeGreaterThan(0);
    expect(figures.processing_latency_ms).toBeLessThan(10_000);
    const stranger = await running.createCaller();
    const { ingestion_rate, ...installation } = await performanceOf(client, stranger.readKey);
    expect(ingestion_rate).toBe(0);
    expect(installation).toMatchObject({ api_replicas: 2, workers: 1 });
  });

  it('leaves out a process that was killed', async () => {
    const before = await performanceOf();
    await replica.end('SIGKILL');
    const after = await until('one is left', ({ api_replicas }) => api_replicas === 1);
    expect(after.memory_usage_mb).toBeLessThan(before.memory_usage_mb - 40);
    expect(after.active_connections).toBeLessThan(before.active_connections);
  });

  it('refuses parameters', async () => {
    for (const path of ['/api/metrics/performance?a=1&b=', '/api/metrics/stats?a=1&b=']) {
      const { status, body } = await client.send({ path });
      expect([status, body.errors]).toMatchObject([400, [{ path: 'a' }, { path: 'b' }]]);
    }
  });
});

it('stats are totals of the organization', async () => {
  const { organizationId, readKey, adminKey } = await running.createCaller();
  const stats = async () => (await client.send({ path: '/api/metrics/stats', key: readKey })).body;
  expect(await stats()).toEqual({
    ...{ events: 0, events_today: 0, users: 0, sessions: 0 },
    ...{ first_event: null, last_event: null, by_type: [] },
    ...{ rejected: 0, rejections: [] },
  });
  const now = Date.now();
  const events = [0, 1, 2, 49].map((hours, n) => ({
    type: n === 0 ? 'button_click' : 'page_view',
    ts: new Date(now - hours * 60 * MINUTE_MS).toISOString(),
    user_id: n < 3 ? 'ada' : 'grace',
    session_id: `s${n}`,
  }));
  expect((await client.post(events, { key: adminKey })).status).toBe(202);
  await running.untilStored(organizationId, events.length);
  const today = events.filter(({ ts }) => ts.slice(0, 10) === new Date().toISOString().slice(0, 10)).length;
  expect(await stats()).toEqual({
    ...{ events: 4, events_today: today, users: 2, sessions: 4 },
    ...{ first_event: events[3]!.ts, last_event: events[0]!.ts },
    by_type: [
      { type: 'page_view', count: 3 },
      { type: 'button_click', count: 1 },
    ],
    ...{ rejected: 0, rejections: [] },
  });
});
