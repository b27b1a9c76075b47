import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const WAITING = `SELECT count(*)::int AS n FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%rollup%'`;

let running: RunningApi;
let blocker: pg.Client;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  blocker = new pg.Client({ connectionString: running.databaseUrl });
  await blocker.connect();
});
afterAll(async () => {
  await blocker?.end();
  await running?.stop();
});
beforeEach(async () => {
  await blocker.query('BEGIN; LOCK TABLE rollups, rollup_deltas');
});
afterEach(() => blocker.query('ROLLBACK'));

const ask = (signal?: AbortSignal) =>
  fetch(`${running.url}/v1/aggregates?type=page_view`, {
    headers: { 'x-api-key': running.caller.readKey },
    ...(signal ? { signal } : {}),
  });

const waiting = async () => (await running.database.query<{ n: number }>(WAITING)).rows[0]!.n;

describe('a query', () => {
  it('ends in the database when its client leaves', async () => {
    const controller = new AbortController();
    const answer = ask(controller.signal).catch((error: Error) => error.name);
    await eventually('the query waits for the lock', async () => (await waiting()) === 1);
    controller.abort();
    expect(await answer).toBe('AbortError');
    // Well under the timeout of five seconds.
    await eventually('the query has ended', async () => (await waiting()) === 0, 2_000);
    await blocker.query('ROLLBACK');
    expect((await ask()).status).toBe(200);
  });

  it('that waits with an equal one is answered when the client of the other leaves', async () => {
    // The organization has two turns. Each of these has begun when the next one comes.
    const running = [ask()];
    await eventually('the first one waits for the lock', async () => (await waiting()) === 1);
    running.push(ask());
    await eventually('the second one does, too', async () => (await waiting()) === 2);
    const controller = new AbortController();
    const left = ask(controller.signal).catch((error: Error) => error.name);
    const stayed = ask();
    controller.abort();
    expect(await left).toBe('AbortError');
    await blocker.query('ROLLBACK');
    expect(await Promise.all([...running, stayed].map(async (answer) => (await answer).status))).toEqual([
      200, 200, 200,
    ]);
  });

  it('is ended after five seconds, and the answer says what to do', async () => {
    const started = performance.now();
    const answer = await ask();
    expect(performance.now() - started).toBeLessThan(7_000);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'query_too_expensive', detail: expect.stringContaining('shorter range') },
    ]);
    expect(await waiting()).toBe(0);
  });
});
