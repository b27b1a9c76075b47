import { Redis } from 'ioredis';
import type { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { type Answer, expectProblem, HttpClient, type Post } from '../support/http-client.js';
import { ownRedisDatabase } from '../support/redis-database.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const WINDOW_MS = 6_000;
const LIMIT = 150;
const event = { type: 'page_view' };
/** A query that reads few partitions. */
const recent = { path: `/v1/events?from=${new Date().toISOString()}` };

const numbers = ({ headers }: Answer) =>
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) =>
    headers.has(name) ? Number(headers.get(name)) : null,
  );
const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

/** Sends single events at once, to the replicas in turn. */
const inTurns = (send: readonly HttpClient[], requests: number) =>
  Promise.all(Array.from({ length: requests }, (_, index) => send[index % send.length]!.post(event)));

/** How often replicas have counted on their own. */
const timesNotShared = (...replicas: readonly BuiltProcess[]) =>
  replicas.flatMap(({ output }) => output.match(/rate limits are not shared/g) ?? []).length;

function expectRefused(answer: Answer): void {
  expectProblem(answer, 429, 'rate_limited');
  const seconds = Number(answer.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(WINDOW_MS / 1000);
  expect(numbers(answer).slice(1)).toEqual([0, seconds]);
}

describe.each(['redis', 'postgres'] as const)('rate limits, counted in %s', (queue) => {
  let running: RunningApi;
  let replica: BuiltProcess;
  let urls: readonly string[];

  beforeAll(async () => {
    const settings = { RATE_LIMIT_MAX_REQUESTS: String(LIMIT), RATE_LIMIT_WINDOW_MS: String(WINDOW_MS) };
    running = await startApi({ queue, workers: 0, settings });
    replica = await running.startReplica();
    urls = [running.url, replica.url];
  });
  afterAll(() => running?.stop());

  /** A new organization, with a client for each replica. */
  async function organization(settings: object = {}) {
    const { organizationId, ingestKey, readKey } = await running.createCaller();
    await running.database.query('UPDATE organizations SET settings = $2 WHERE id = $1', [
      organizationId,
      settings,
    ]);
    return {
      send: urls.map((url) => new HttpClient(url, ingestKey)) as [HttpClient, HttpClient],
      read: urls.map((url) => new HttpClient(url, readKey)) as [HttpClient, HttpClient],
    };
  }

  /** Repeats an attempt when the disk held up the store for so long that a replica counted on its own. */
  async function whileShared<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = timesNotShared(running.api, replica);
      const result = await attempt();
      if (timesNotShared(running.api, replica) === before) return result;
    }
  }

  it('are exact over both replicas, and reset with the window', async () => {
    const { send, read, answers } = await whileShared(async () => {
      const clients = await organization();
      return { ...clients, answers: await inTurns(clients.send, LIMIT + 100) };
    });
    expect([count(answers, 202), count(answers, 429)]).toEqual([LIMIT, 100]);
    for (const answer of answers.filter(({ status }) => status === 429)) expectRefused(answer);
    // Batches, reads and other organizations have separate counts.
    expect(numbers(await send[0].post([event])).slice(0, 2)).toEqual([LIMIT * 10, LIMIT * 10 - 1]);
    expect(numbers(await read[1].send(recent)).slice(0, 2)).toEqual([LIMIT, LIMIT - 1]);
    expect((await (await organization()).send[0].post(event)).status).toBe(202);
    expectRefused(await send[1].post(event));
    await eventually('it is accepted', async () => (await send[0].post(event)).status === 202, WINDOW_MS);
    const again = await inTurns(send, 100);
    expect(count(again, 202)).toBe(100);
  });

  it('count lists of events as batch, one event as single, everything else as read', async () => {
    const { send, read } = await organization({ rate_limits: { single: 11, batch: 22, read: 33 } });
    const limitOf = async (body: unknown, options?: Post) => numbers(await send[0].post(body, options))[0];
    expect(await limitOf(event)).toBe(11);
    expect(await limitOf([event])).toBe(22);
    expect(await limitOf({ events: [event] })).toBe(22);
    expect(await limitOf(JSON.stringify(event), { type: 'application/x-ndjson' })).toBe(22);
    expect(await limitOf({ ...event, user_id: 'ada' }, { path: '/api/analytics/ingest' })).toBe(11);
    expect(await limitOf([{ ...event, user_id: 'ada' }], { path: '/api/analytics/ingest' })).toBe(22);
    expect(await limitOf({}, { path: '/api/metrics/commands' })).toBe(11);
    expect(await limitOf({}, { path: '/api/metrics/batch' })).toBe(22);
    expect(numbers(await read[0].send({ path: '/v1/ledger' }))[0]).toBe(33);
  });

  it('are in every answer to an authenticated caller, and count refused requests', async () => {
    const { send, read } = await organization();
    const refused: readonly [Answer, number][] = [
      [await send[0].post('{'), 400],
      [await send[0].post({ type: 'nope' }), 400],
      [await send[0].post(event, { path: '/api/metrics/sessions/start', type: 'application/x-ndjson' }), 415],
      [await read[0].post(event), 403],
    ];
    refused.forEach(([answer, status], index) => {
      expect(answer.status).toBe(status);
      expect(numbers(answer).slice(0, 2)).toEqual([LIMIT, LIMIT - 1 - index]);
    });
    const anonymous = await send[0].post(event, { key: null });
    expect([anonymous.status, numbers(anonymous)]).toEqual([401, [null, null, null]]);
    const health = await send[0].send({ path: '/health/live', key: null });
    expect([health.status, numbers(health)]).toEqual([200, [null, null, null]]);
  });

  it('are in the answers to unreadable bodies, and count them', async () => {
    const { send, read } = await organization();
    const big = Buffer.alloc(6 * 1024 * 1024, ' ');
    const types = { path: '/v1/event-types/own', method: 'PUT' };
    const metrics = { path: '/api/metrics/batch' };
    const refused: readonly [() => Promise<Answer>, number, number, number][] = [
      [() => send[0].post(big), 413, LIMIT, LIMIT - 1],
      [() => send[0].sendChunked([big]), 413, LIMIT, LIMIT - 2],
      [() => send[0].post(event, { type: 'text/plain' }), 415, LIMIT, LIMIT - 3],
      [() => send[0].post(event, { encoding: 'gzip' }), 400, LIMIT, LIMIT - 4],
      [() => send[0].post(event, { encoding: 'rot13' }), 415, LIMIT, LIMIT - 5],
      [() => send[0].post(big, metrics), 413, LIMIT * 10, LIMIT * 10 - 1],
      [() => send[0].post(event, { ...metrics, type: null }), 415, LIMIT * 10, LIMIT * 10 - 2],
      [() => read[0].post(big, types), 413, LIMIT, LIMIT - 1],
      [() => read[0].post('{}', { ...types, type: 'text/plain' }), 415, LIMIT, LIMIT - 2],
    ];
    for (const [ask, status, limit, remaining] of refused) {
      const answer = await ask();
      expect([answer.status, ...numbers(answer)]).toEqual([status, limit, remaining, expect.any(Number)]);
    }
    expect(numbers(await send[0].post(event)).slice(0, 2)).toEqual([LIMIT, LIMIT - 6]);
    const anonymous = await send[0].post(event, { key: null, type: 'text/plain' });
    expect([anonymous.status, numbers(anonymous)]).toEqual([401, [null, null, null]]);
  });

  it('can be set per organization, with 0 for no limit', async () => {
    const { read, answers } = await whileShared(async () => {
      const clients = await organization({ rate_limits: { single: 3, read: 0 } });
      return { ...clients, answers: await inTurns(clients.send, 10) };
    });
    expect(count(answers, 202)).toBe(3);
    const reads = await Promise.all(Array.from({ length: LIMIT + 50 }, () => read[0].send(recent)));
    expect(count(reads, 200)).toBe(LIMIT + 50);
    expect(numbers(reads[0]!)).toEqual([null, null, null]);
  });
});

describe('rate limits while their store is down', () => {
  let running: RunningApi;
  let proxy: TcpProxy;
  let redis: Redis;

  beforeAll(async () => {
    const url = await ownRedisDatabase();
    redis = new Redis(url);
    proxy = await TcpProxy.to(url);
    const settings = { REDIS_URL: proxy.url, RATE_LIMIT_MAX_REQUESTS: '20', RATE_LIMIT_WINDOW_MS: '5000' };
    running = await startApi({ workers: 0, settings });
  });
  afterAll(async () => {
    await running?.stop();
    proxy?.close();
    redis?.disconnect();
  });

  const newcomer = async () => {
    const { organizationId, readKey } = await running.createCaller();
    return { organizationId, client: new HttpClient(running.url, readKey) };
  };

  it.each(['stall', 'cut'] as const)('are counted per replica (%s), then shared again', async (how) => {
    const { client } = await newcomer();
    const answers: Answer[] = [];
    // Warm up: the first answers of a process are slow for other reasons.
    for (let i = 0; i < 5; i++) await (await newcomer()).client.send(recent);
    proxy[how]();
    for (let i = 0; i < 25; i++) {
      const begun = performance.now();
      answers.push(await client.send(recent));
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
    expect([count(answers, 200), count(answers, 429)]).toEqual([20, 5]);
    proxy.mend();
    await eventually('the window has passed', async () => (await client.send(recent)).status === 200, 10_000);
    await eventually('requests are counted in Redis', async () => {
      const other = await newcomer();
      await other.client.send(recent);
      return (await redis.exists(`rate-limit:${other.organizationId}:read`)) === 1;
    });
  });
});
