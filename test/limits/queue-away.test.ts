import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Answer, expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.ingestKey);
});
afterAll(() => running?.stop());

const event = { type: 'page_view' };

async function timed(answer: Promise<Answer>): Promise<Answer> {
  const begun = performance.now();
  const result = await answer;
  expect(performance.now() - begun).toBeLessThan(1_000);
  return result;
}

/** Locks a table, so that statements on it wait. */
async function locked(table: string, work: () => Promise<void>): Promise<void> {
  await running.database.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  await work().finally(() => running.database.query('ROLLBACK'));
}

describe('intake during an outage', () => {
  it('answers 503 within a second when the queue hangs, and accepts nothing', async () => {
    await client.post(event);
    const before = await running.waitingJobs();
    await locked('bullmq.job', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => timed(client.post(event))));
      for (const answer of answers) {
        expectProblem(answer, 503, 'queue_unavailable');
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      // An invalid request still gets its 400.
      expectProblem(await timed(client.post('{')), 400, 'malformed_json');
      expectProblem(await timed(client.post({ type: 'nope' })), 400, 'invalid_events');
    });
    await sleep(1_000);
    expect(await running.waitingJobs()).toBe(before);
    expect((await client.post(event)).status).toBe(202);
  });

  it('serves cached keys while they cannot be looked up, and answers 503 for others', async () => {
    const { ingestKey } = await running.createCaller();
    await client.post(event);
    // Until the cached key is so old that it is looked up again.
    await sleep(5_100);
    await locked('api_keys', async () => {
      expect((await timed(client.post(event))).status).toBe(202);
      const answer = await timed(client.post(event, { key: ingestKey }));
      expectProblem(answer, 503, 'database_unavailable');
      expect(answer.headers.get('retry-after')).not.toBeNull();
    });
    expect((await client.post(event, { key: ingestKey })).status).toBe(202);
  });

  it('answers 503 while connections are refused, and recovers by itself', async () => {
    const { rows } = await running.database.query<{ name: string }>('SELECT current_database() AS name');
    const { name } = rows[0]!;
    const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
    await server.connect();
    const allow = (allowed: boolean) => server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`);
    await client.post(event);
    await allow(false);
    try {
      await running.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      for (let i = 0; i < 10; i++) {
        expectProblem(await timed(client.post(event)), 503, 'queue_unavailable');
      }
      expect((await client.send({ path: '/health/live' })).status).toBe(200);
      expectProblem(await client.send({ path: '/health/ready' }), 503, 'not_ready');
    } finally {
      await allow(true);
      await server.end();
    }
    const deadline = Date.now() + 10_000;
    while ((await client.post(event)).status !== 202) expect(Date.now()).toBeLessThan(deadline);
    expect(running.api.isRunning).toBe(true);
  });
});
