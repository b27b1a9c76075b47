import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type OwnRedis, startOwnRedis } from '../support/own-redis.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const POSTS = 12;

let redis: OwnRedis;
let running: RunningApi;

beforeAll(async () => {
  redis = await startOwnRedis();
  running = await startApi({ workers: 1, settings: { REDIS_URL: redis.url } });
});
afterAll(async () => {
  await running?.stop();
  await redis?.stop();
});

describe('Redis that freezes and resumes', () => {
  afterEach(() => process.kill(redis.pid, 'SIGCONT'));

  it('does not enqueue events that were answered with 503', async () => {
    const { caller, url, database } = running;
    const client = new HttpClient(url, caller.ingestKey);
    expect((await client.post({ type: 'page_view' })).status).toBe(202);
    await running.untilStored(caller.organizationId, 1);
    for (let round = 0; round < 3; round++) {
      process.kill(redis.pid, 'SIGSTOP');
      for (let i = 0; i < POSTS / 3; i++) {
        const begun = performance.now();
        expectProblem(
          await client.post({ type: 'page_view', payload: { page: `/${i}` } }),
          503,
          'queue_unavailable',
        );
        expect(performance.now() - begun).toBeLessThan(1000);
      }
      const ledger = await client.send({ path: '/v1/ledger', key: caller.readKey });
      expectProblem(ledger, 503, 'queue_unavailable');
      process.kill(redis.pid, 'SIGCONT');
      await sleep(500);
    }
    const deadline = Date.now() + 10_000;
    while ((await client.post({ type: 'button_click' })).status !== 202)
      expect(Date.now()).toBeLessThan(deadline);
    await running.untilStored(caller.organizationId, 2);
    const { rows } = await database.query('SELECT type FROM events ORDER BY type');
    expect(rows.map(({ type }) => type)).toEqual(['button_click', 'page_view']);
  });
});
