import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const METRICS_TOKEN = 'who-looks-at-the-figures-of-the-tests';
const event = { type: 'page_view', user_id: 'somebody' };

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  const settings = { ADMIN_TOKEN, METRICS_TOKEN, RATE_LIMIT_MAX_REQUESTS: '1000' };
  running = await startApi({ workers: 0, settings });
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const as = (token: string, path = '/metrics', method = 'GET') =>
  client.send({ method, path, key: null, headers: { authorization: `Bearer ${token}` } });

/** Values by name and labels, as written in the text. */
async function figures(): Promise<Map<string, number>> {
  const { text } = await as(METRICS_TOKEN);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const requests = (route: string, method: string, status: number) =>
  `millrace_http_requests_total{route="${route}",method="${method}",status="${status}"}`;

describe('metrics', () => {
  it('are readable with the metrics token and by the operator', async () => {
    for (const token of [METRICS_TOKEN, ADMIN_TOKEN]) {
      const answer = await as(token);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8$/);
    }
    expectProblem(await client.send({ path: '/metrics', key: null }), 401, 'unauthorized');
    expectProblem(await as('x'.repeat(METRICS_TOKEN.length)), 401, 'unauthorized');
    for (const key of [running.caller.adminKey, running.caller.readKey]) {
      expectProblem(await client.send({ path: '/metrics', key }), 403, 'forbidden');
    }
  });

  it('are all that the metrics token can read', async () => {
    for (const [method, path] of [
      ['GET', '/v1/events'],
      ['POST', '/v1/events'],
      ['POST', '/v1/organizations'],
      ['GET', '/v1/audit-log'],
    ] as const) {
      expectProblem(await as(METRICS_TOKEN, path, method), 403, 'forbidden');
    }
    const headers = { authorization: `Basic ${Buffer.from(`x:${METRICS_TOKEN}`).toString('base64')}` };
    expect((await client.send({ path: '/queues', key: null, headers })).status).toBe(401);
  });

  it('count events, and requests by route template', async () => {
    const before = await figures();
    await client.post([event, event, { type: 'nope' }, { type: 'nope' }, { type: 7 }]);
    await client.post('{');
    await client.post(event);
    for (const name of ['ada', 'eve']) await client.send({ path: `/v1/event-types/${name}-type` });
    await client.send({ path: '/nowhere/ada' });
    const grown = async (name: string) => ((await figures()).get(name) ?? 0) - (before.get(name) ?? 0);
    const posts = 'route="/v1/events",method="POST"';
    await eventually('all are counted', async () => (await grown(requests('unmatched', 'GET', 404))) === 1);
    expect(await grown(requests('/v1/events', 'POST', 202))).toBe(2);
    expect(await grown(requests('/v1/events', 'POST', 400))).toBe(1);
    expect(await grown(requests('/v1/event-types/:type', 'GET', 404))).toBe(2);
    expect(await grown(`millrace_http_request_duration_seconds_count{${posts}}`)).toBe(3);
    expect(await grown(`millrace_http_request_duration_seconds_bucket{le="+Inf",${posts}}`)).toBe(3);
    const seconds = await grown(`millrace_http_request_duration_seconds_sum{${posts}}`);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(3);
    expect(await grown('millrace_events_accepted_total')).toBe(3);
    expect(await grown('millrace_events_rejected_total{code="unknown_type"}')).toBe(2);
    expect(await grown('millrace_events_rejected_total{code="invalid_event"}')).toBe(1);
  });

  it('report on the process and the queue', async () => {
    await client.post(event);
    const waiting = await running.waitingJobs();
    expect(waiting).toBeGreaterThan(0);
    await eventually(
      'the queue has been counted',
      async () => (await figures()).get('millrace_queue_waiting_jobs') === waiting,
      5_000,
    );
    const now = await figures();
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes']) {
      expect(now.get(name)).toBeGreaterThan(0);
    }
    expect(now.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  it('are available while the database is down', async () => {
    const proxy = await TcpProxy.to(running.databaseUrl);
    const settings = { METRICS_TOKEN, RATE_LIMIT_MAX_REQUESTS: '1000', DATABASE_URL: proxy.url };
    const replica = await BuiltProcess.service('api', settings);
    try {
      proxy.stall();
      const begun = performance.now();
      const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
      const there = new HttpClient(replica.url, '');
      expect((await there.send({ path: '/metrics', key: null, headers })).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(1_000);
    } finally {
      proxy.close();
      await replica.stop();
    }
  });

  it('contain no name or id of a user or an organization', async () => {
    await client.post([event, { type: 'secret-type', payload: { field: 1 } }]);
    await client.send({ path: `/v1/organizations/${running.caller.organizationId}` });
    await client.send({ path: `/v1/users/somebody` });
    const { text } = await as(METRICS_TOKEN);
    const { organizationId, adminKey, ingestKey } = running.caller;
    for (const id of [organizationId, adminKey, adminKey.split('_')[1]!, ingestKey.split('_')[1]!]) {
      expect(text).not.toContain(id);
    }
    expect(text).not.toMatch(/somebody|secret|page_view|nowhere/);
  });
});
