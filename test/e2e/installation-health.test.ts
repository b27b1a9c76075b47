import pg from 'pg';
import type { HealthReport } from '#health';
import { CANARY_ORGANIZATION } from '#identity';
import { bodyOf, faultyFields } from '../support/administration.js';
import { BuiltProcess } from '../support/built-process.js';
import { DocumentedApi } from '../support/documented-api.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { expectNoDifference } from '../support/judge.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const PATH = '/v1/admin/health';

type Report = Omit<HealthReport, 'checked_at'> & { readonly checked_at: string | null };

const reportOf = async (running: RunningApi, query = '') => {
  const answer = await new HttpClient(running.url, ADMIN_TOKEN).send({ path: PATH + query });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body as unknown as Report;
};

const cli = (running: RunningApi) =>
  BuiltProcess.runAnyway('apps/cli/src/main.js', { DATABASE_URL: running.databaseUrl }, ['health']);

describe.each(['redis', 'postgres'] as const)('two workers on %s', (queue) => {
  let running: RunningApi;

  beforeAll(async () => {
    running = await startApi({ queue, workers: 2, settings: { ADMIN_TOKEN, HEALTH_CHECK_INTERVAL: '1' } });
  });
  afterAll(() => running?.stop());

  it('check health by themselves, once per second, with a canary that arrives', async () => {
    const report = await eventually('all is well, after three runs', async () => {
      const found = await reportOf(running, '?limit=3');
      return found.history.length === 3 && found.status === 'ok' && found;
    });
    expect(report).toMatchObject({ status: 'ok', summary: 'All is well.', every_seconds: 1 });
    expect(report.age_seconds).toBeLessThan(3);
    const canary = report.checks.find(({ name }) => name === 'canary');
    expect(canary!.figures).toEqual({
      ...{ enqueued_ms: expect.any(Number), stored_ms: expect.any(Number), counted_ms: expect.any(Number) },
      ...{ refused: false, job: null },
    });
    const names = report.checks.map(({ name }) => name);
    expect(names.includes('redis')).toBe(queue === 'redis');
    // A busy machine may be slow just now, which is a finding.
    const printed = await eventually('the command line finds all well', async () => {
      const { code, output } = await cli(running);
      return code === 0 && output.startsWith('ok') && output;
    });
    expect(printed).toMatch(/^ok {4}All is well\. .*\n(ok {4}\S+ +\S.*\n)+$/);
  });

  it('make one run for each slot, and slots are whole seconds', async () => {
    const { rows } = await running.database.query<{ slot: Date; runs: number }>(`
      SELECT slot, (SELECT count(*)::int FROM job_runs r WHERE r.job = 'health' AND r.slot = h.slot) AS runs
      FROM health_checks h`);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.filter(({ slot, runs }) => slot.getTime() % 1000 !== 0 || runs !== 1)).toEqual([]);
    // One canary for each run, and not more.
    const { rows: canaries } = await running.database.query<{ slots: number; events: number }>(
      `SELECT (SELECT count(*)::int FROM job_runs WHERE job = 'health' AND counts ? 'ok') AS slots, count(*)::int AS events
       FROM events WHERE organization_id = $1`,
      [CANARY_ORGANIZATION],
    );
    expect(Math.abs(canaries[0]!.events - canaries[0]!.slots)).toBeLessThanOrEqual(2);
  });

  it('disturb the figures of no organization', async () => {
    const { organizationId, adminKey } = running.caller;
    const client = new HttpClient(running.url, adminKey);
    const read = async (path: string) => bodyOf(await client.send({ path }));
    expect(await read('/api/metrics/stats')).toMatchObject({ events: 0, by_type: [] });
    expect(await read('/v1/ledger')).toMatchObject({ data: [] });
    expect(await read('/v1/events')).toMatchObject({ data: [] });
    const { rows } = await running.database.query<{ organization_id: string }>(
      'SELECT DISTINCT organization_id FROM events',
    );
    expect(rows).toEqual([{ organization_id: CANARY_ORGANIZATION }]);
    const listed = await BuiltProcess.run('apps/cli/src/main.js', { DATABASE_URL: running.databaseUrl }, [
      'org',
      'list',
    ]);
    expect(
      listed
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([organizationId]);
    await expectNoDifference(running.databaseUrl);
  });
});

describe('without a worker', () => {
  let running: RunningApi;

  beforeAll(async () => {
    running = await startApi({ workers: 0, settings: { ADMIN_TOKEN } });
  });
  afterAll(() => running?.stop());

  it('the answer says so', async () => {
    expect(await reportOf(running)).toMatchObject({
      ...{ status: 'fail', checked_at: null, age_seconds: null, checks: [], history: [] },
      summary: expect.stringMatching(/^No worker has checked health yet/),
    });
    expect(await cli(running)).toEqual({
      code: 1,
      output: expect.stringMatching(/^fail {2}No worker has checked/),
    });
    await running.database.query(`
      INSERT INTO health_checks (slot, checked_at, every_seconds, status, checks)
      VALUES (now() - interval '1 hour', now() - interval '1 hour', 300, 'ok', '[]')`);
    expect(await reportOf(running)).toMatchObject({
      ...{ status: 'fail', history: [{ status: 'ok', warn: [], fail: [] }] },
      summary: expect.stringMatching(/^No worker has checked health for 60 min\./),
    });
  });

  it('only the operator may ask, and every faulty parameter is named', async () => {
    const api = await DocumentedApi.of(new HttpClient(running.url, ADMIN_TOKEN));
    const ask = async (key: string, query = '') => {
      const answer = await new HttpClient(running.url, key).send({ path: PATH + query });
      api.expectDocumented('GET', PATH, answer);
      return answer;
    };
    expect((await ask(ADMIN_TOKEN)).status).toBe(200);
    expect((await ask(running.caller.adminKey)).status).toBe(403);
    const faulty = await ask(ADMIN_TOKEN, '?limit=1001&since=1');
    expectProblem(faulty, 400, 'invalid_query');
    expect(faultyFields(faulty)).toEqual(['limit', 'since']);
  });

  it('the answer is a 503 while the database is away', async () => {
    const url = new URL(running.databaseUrl);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const server = new pg.Client({ connectionString: url.href });
    await server.connect();
    try {
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user
         AND application_name = 'millrace_api'`,
        [name],
      );
      const answer = await new HttpClient(running.url, ADMIN_TOKEN).send({ path: PATH });
      expectProblem(answer, 503, 'database_unavailable');
    } finally {
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await server.end();
    }
  });
});
