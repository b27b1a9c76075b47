import { PerformanceReporter } from '../../apps/worker/src/performance/performance-reporter.js';
import { bodyOf } from '../support/administration.js';
import { DocumentedApi } from '../support/documented-api.js';
import { eventually } from '../support/eventually.js';
import { type Answer, bytesOf, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const JWT_SECRET = 'a secret of the tests, longer than 32 bytes';
const DAY_MS = 86_400_000;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

let running: RunningApi;
let client: HttpClient;
let api: DocumentedApi;
/** `method path status` of every answer that was checked. */
const compared = new Set<string>();

beforeAll(async () => {
  running = await startApi({
    // Nobody listens there.
    settings: { ADMIN_TOKEN, JWT_SECRET, SMTP_URL: 'smtp://127.0.0.1:9' },
  });
  client = new HttpClient(running.url, running.caller.adminKey);
  api = await DocumentedApi.of(client);
  const events = Array.from({ length: 3 }, (_, n) => ({
    type: 'page_view',
    user_id: n === 0 ? 'u1' : undefined,
    payload: { page: '/', duration_ms: n },
  }));
  expect((await client.post(events)).status).toBe(202);
  await running.untilStored(running.caller.organizationId, events.length);
});
afterAll(() => running?.stop());

/** Sends a request and checks the answer against the documentation of the route. */
async function call(
  status: number,
  route: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<Answer> {
  const [method, template] = route.split(' ') as [string, string];
  const answer = await client.send(
    { method, path, ...(key && { key }) },
    body === undefined ? undefined : bytesOf(body),
  );
  expect([path, answer.text, answer.status]).toEqual([path, answer.text, status]);
  api.expectDocumented(method, template, answer);
  compared.add(`${route} ${status}`);
  return answer;
}

const nextOf = (answer: Answer) => bodyOf(answer).next_cursor as string | null;

it('lists answer as documented', async () => {
  for (const [path, rows] of [
    ['/v1/events', 3],
    ['/v1/api-keys', 4],
    ['/v1/audit-log', 5],
    ['/v1/event-types', 15],
  ] as const) {
    const { data } = bodyOf(await call(200, `GET ${path}`, path)) as { data: unknown[] };
    expect([path, data.length >= rows - 1]).toEqual([path, true]);
  }
  expect(nextOf(await call(200, 'GET /v1/events', '/v1/events?limit=1'))).toEqual(expect.any(String));
  await call(400, 'GET /v1/events', '/v1/events?limit=0');
});

it('aggregates answer as documented', async () => {
  const query = '/v1/aggregates?type=page_view';
  const statistics = 'measure=duration_ms&stats=count,sum,avg,min,max,p50,p90,p95,p99';
  const ranked =
    '&group_by=page&order_by=-count&limit=1&rest=true&fill=null&compare=previous&tz=Asia/Kathmandu';
  for (const more of ['', '&group_by=page,status', `&${statistics}`, `&user_id=u1&${statistics}`, ranked]) {
    const { series } = bodyOf(await call(200, 'GET /v1/aggregates', query + more)) as { series: unknown[] };
    expect(series).toHaveLength(1);
  }
  await call(400, 'GET /v1/aggregates', '/v1/aggregates');
  const queries = [{ name: 'views', type: 'page_view', measure: 'duration_ms', compare: 'previous' }];
  await call(200, 'POST /v1/query', '/v1/query', { queries });
  await call(400, 'POST /v1/query', '/v1/query', {});
});

it('aggregates say before when retention has deleted what they read', async () => {
  const daysAgo = (days: number) => new Date(Math.floor(Date.now() / DAY_MS - days) * DAY_MS).toISOString();
  const own = running.caller.organizationId;
  const horizon = [own, daysAgo(2), daysAgo(4), daysAgo(6)];
  await running.database.query(
    `INSERT INTO horizons (organization_id, events_from, minutes_from, metrics_from) VALUES ($1, $2, $3, $4)`,
    horizon,
  );
  const gone = async (query: string, days: number) => {
    const path = `/v1/aggregates?type=page_view&from=${daysAgo(days)}&${query}`;
    return bodyOf(await call(200, 'GET /v1/aggregates', path)).gone_before;
  };
  for (const [query, kept] of [
    ['window=1h&user_id=u1', 2],
    ['window=5m', 4],
    ['window=15m', 6],
    ['window=1d', 6],
  ] as const) {
    expect([query, await gone(query, kept)]).toEqual([query, undefined]);
    expect([query, await gone(query, kept + 1)]).toEqual([query, daysAgo(kept)]);
  }
  // Of 6 days, the period before begins 12 days ago.
  expect(await gone('window=1d&compare=previous', 4)).toBe(daysAgo(6));
  await running.database.query('DELETE FROM horizons WHERE organization_id = $1', [own]);
});

it('reads of the development dialect answer as documented', async () => {
  const command = { command_name: 'plan', execution_time_ms: 5, status: 'success' };
  expect((await client.post([{ type: 'command_execution', payload: command }])).status).toBe(202);
  for (const path of ['dashboard', 'aggregated', 'aggregated?limit=2']) {
    await call(200, `GET /api/metrics/${path.split('?')[0]}`, `/api/metrics/${path}`);
  }
  await call(200, 'GET /api/metrics/real-time/{window}', '/api/metrics/real-time/1h');
  await call(400, 'GET /api/metrics/real-time/{window}', '/api/metrics/real-time/2h');
  const body = { metric_types: ['execution_time_ms', 'error_rate'] };
  await call(200, 'POST /api/metrics/query', '/api/metrics/query', body);
});

it('the summary of devices answers as documented', async () => {
  const payload = { device_name: 'd', metric_name: 'm', value: 1 };
  expect((await client.post([{ type: 'device_metric', payload }])).status).toBe(202);
  await call(200, 'GET /api/v1/reports/summary', '/api/v1/reports/summary?time_range=48');
});

it('lists of the dialects answer as documented', async () => {
  const user_id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  const common = { user_id, execution_time_ms: 5, status: 'success' };
  const bodies = {
    '/api/metrics/commands': { ...common, command_name: 'list', context: { branch: 'main' }, team: 7 },
    '/api/metrics/agents': { ...common, agent_name: 'reviewer', interaction_type: 'chat', input_tokens: 3 },
    '/api/v1/aggregator/metrics': { device_name: 'web/1', metric_name: 'cpu', value: 1.5 },
  };
  for (const [path, body] of Object.entries(bodies)) await client.post(body, { path });
  await running.untilStored(running.caller.organizationId, 7);
  for (const [route, path] of [
    ['/api/metrics/commands', '/api/metrics/commands?command_name=list'],
    ['/api/metrics/agents', '/api/metrics/agents?agent_name=reviewer'],
    ['/api/v1/reports/metrics/{device_name}', '/api/v1/reports/metrics/web%2F1?limit=5'],
  ] as const) {
    const { data } = bodyOf(await call(200, `GET ${route}`, path)) as { data: unknown[] };
    expect([path, data.length]).toEqual([path, 1]);
  }
});

it('figures of the development dialect answer as documented', async () => {
  for (const name of ['stats', 'performance']) {
    await call(200, `GET /api/metrics/${name}`, `/api/metrics/${name}`);
    await call(400, `GET /api/metrics/${name}`, `/api/metrics/${name}?a=1`);
  }
});

it('the ledger answers as documented', async () => {
  expect(bodyOf(await call(200, 'GET /v1/ledger', '/v1/ledger')).data).toHaveLength(1);
});

it('the health of the installation answers as documented', async () => {
  const get = async (status: number, path: string) =>
    bodyOf(await call(status, 'GET /v1/admin/health', path, undefined, ADMIN_TOKEN));
  expect(await get(200, '/v1/admin/health')).toMatchObject({ status: 'fail', checked_at: null, checks: [] });
  const check = { name: 'disk', status: 'ok', summary: 'Fine.', figures: { size_bytes: 1 }, duration_ms: 2 };
  await running.database.query(
    `INSERT INTO health_checks (slot, every_seconds, status, checks) VALUES (now(), 300, 'ok', $1)`,
    [JSON.stringify([check])],
  );
  expect(await get(200, '/v1/admin/health')).toMatchObject({ status: 'ok', checks: [check] });
  await get(400, '/v1/admin/health?limit=0');
});

it('performance reports answer as documented', async () => {
  const get = async (status: number, path: string, id = '') =>
    bodyOf(
      await call(
        status,
        `GET /v1/admin/performance-reports${id && '/{id}'}`,
        path + id,
        undefined,
        ADMIN_TOKEN,
      ),
    );
  const path = '/v1/admin/performance-reports';
  expect((await get(200, path)).data).toEqual([]);
  await get(404, path, '/newest');
  for (const age of [2 * DAY_MS, 0])
    await new PerformanceReporter('/').report(running.database, Date.now() - age);
  const newest = await get(200, path, '/newest');
  expect(newest).toMatchObject({
    compared_with: expect.any(String),
    growth_bytes_per_day: expect.any(Number),
  });
  expect(await get(200, path, `/${newest.id}`)).toEqual(newest);
  const first = await get(200, `${path}?limit=1`);
  expect(first.data).toMatchObject([{ id: newest.id }]);
  const second = await get(200, `${path}?limit=1&cursor=${first.next_cursor}`);
  expect(second).toMatchObject({ data: [{ computed_at: newest.compared_with }], next_cursor: null });
  for (const id of ['/last', `/${UNKNOWN_ID}`]) await get(404, path, id);
  await get(400, `${path}?limit=0`);
  const refused = await call(403, 'GET /v1/admin/performance-reports', path);
  expect(refused.text).not.toContain('event_rows');
});

it('intake answers as documented', async () => {
  const good = { type: 'page_view', payload: { page: '/' } };
  const bad = { type: 'nope' };
  await call(202, 'POST /v1/events', '/v1/events', [good, bad]);
  await call(400, 'POST /v1/events', '/v1/events', [bad]);
  await call(413, 'POST /v1/events', '/v1/events', Array(1001).fill(good));
  await call(403, 'POST /v1/events', '/v1/events', good, running.caller.readKey);
  await call(422, 'POST /api/analytics/ingest', '/api/analytics/ingest', [good, bad]);
  const cloudEvent = { specversion: '1.0', id: '1', source: '/a', ...good };
  await call(400, 'POST /v1/cloudevents', '/v1/cloudevents', cloudEvent);
  const type = 'application/cloudevents+json';
  const accepted = await client.post(cloudEvent, { path: '/v1/cloudevents', type });
  expect(accepted.status).toBe(202);
  api.expectDocumented('POST', '/v1/cloudevents', accepted);
  compared.add('POST /v1/cloudevents 202');
  const text = await client.post('x', { type: 'text/plain' });
  expect(text.status).toBe(415);
  api.expectDocumented('POST', '/v1/events', text);
});

// Before anybody is erased: an erasure makes the files of earlier exports unavailable.
it('exports answer as documented', async () => {
  for (const format of ['csv', 'json', 'ndjson', 'parquet', 'xlsx']) {
    const path = `/v1/exports/events.${format}`;
    await call(200, `GET ${path}`, path);
    await call(400, `GET ${path}`, `${path}?from=x`);
  }
  for (const path of [
    '/api/metrics/export/csv',
    '/api/metrics/export/json',
    '/api/analytics/reports/events',
  ]) {
    await call(200, `GET ${path}`, path);
  }
  await call(200, 'GET /api/analytics/reports/events', '/api/analytics/reports/events?format=xlsx');
  const { id } = bodyOf(await call(202, 'POST /v1/exports', '/v1/exports', { format: 'csv' }));
  const [route, path] = ['/v1/exports/{id}', `/v1/exports/${id}`];
  await eventually('the export is done', async () => {
    return bodyOf(await call(200, `GET ${route}`, path)).status === 'done';
  });
  await call(200, `GET ${route}/file`, `${path}/file`);
  await call(200, 'GET /v1/exports', '/v1/exports');
  await call(204, `DELETE ${route}`, path);
  await call(404, `GET ${route}/file`, `${path}/file`);
});

it('users answer as documented', async () => {
  const user = { external_id: 'u1', name: 'One', email: 'one@example.org' };
  await call(201, 'POST /v1/users', '/v1/users', user);
  await call(200, 'POST /v1/users', '/v1/users', { external_id: 'u1', team: 'A' });
  await call(409, 'POST /v1/users', '/v1/users', { ...user, external_id: 'u2' });
  await call(400, 'POST /v1/users', '/v1/users', {});
  await call(200, 'GET /v1/users', '/v1/users');
  await call(200, 'GET /v1/users/{external_id}', '/v1/users/u1');
  await call(404, 'GET /v1/users/{external_id}', '/v1/users/nobody');
  await call(200, 'DELETE /v1/users/{external_id}', '/v1/users/u1');
  await call(404, 'DELETE /v1/users/{external_id}', '/v1/users/u1');
  // The compaction lock of the organization delays the erasure.
  const lock = `hashtext('compact'), hashtext('${running.caller.organizationId}')`;
  await running.database.query(`SELECT pg_advisory_lock(${lock})`);
  await call(202, 'DELETE /v1/users/{external_id}', '/v1/users/u1');
  await running.database.query(`SELECT pg_advisory_unlock(${lock})`);
});

it('questions about people answer as documented', async () => {
  const about = { user_id: '7', session_id: 's1', device_type: 'phone', timestamp: new Date().toISOString() };
  const stretch = { ...about, talked_time: 60, microphone_used: true, speaker_used: false };
  expect((await client.post([stretch], { path: '/api/user-metrics' })).status).toBe(202);
  await client.post({ external_id: '7', name: 'Seven', email: 'seven@example.org' }, { path: '/v1/users' });
  const { organizationId } = running.caller;
  await eventually('the session is stored', async () => {
    const { rows } = await running.database.query(
      `SELECT FROM events WHERE organization_id = $1 AND session_id = 's1'`,
      [organizationId],
    );
    return rows.length > 0;
  });
  for (const granularity of ['day', 'week', 'month']) {
    const zone = 'tz=Asia/Kathmandu';
    await call(200, 'GET /v1/active-users', `/v1/active-users?granularity=${granularity}&${zone}`);
  }
  await call(400, 'GET /v1/active-users', '/v1/active-users?granularity=year');
  await call(200, 'GET /v1/retention', '/v1/retention');
  await call(200, 'GET /v1/users/{external_id}/summary', '/v1/users/7/summary');
  await call(404, 'GET /v1/users/{external_id}/summary', '/v1/users/nobody/summary');
  await call(200, 'GET /v1/sessions', '/v1/sessions');
  const session = { name: 'Seven', email: 'seven@example.org', device: 'phone', talked_seconds: 60 };
  expect(bodyOf(await call(200, 'GET /v1/sessions/{id}', '/v1/sessions/s1'))).toMatchObject(session);
  await call(404, 'GET /v1/sessions/{id}', '/v1/sessions/none');
  const steps = 'steps=page_view:page=/,button_click&group_by=page';
  const funnel = bodyOf(await call(200, 'GET /v1/funnel', `/v1/funnel?${steps}`));
  const body = {
    steps: [{ type: 'page_view', where: { page: '/' } }, { type: 'button_click' }],
    group_by: 'page',
  };
  const posted = bodyOf(await call(200, 'POST /v1/funnel', '/v1/funnel', body));
  expect([posted.steps, posted.groups]).toEqual([funnel.steps, funnel.groups]);
  await call(400, 'GET /v1/funnel', '/v1/funnel?steps=page_view');
  await call(400, 'POST /v1/funnel', '/v1/funnel', { steps: [{ type: 'page_view' }, { type: 'nope' }] });
  const voice = '/api/user-metrics';
  expect(bodyOf(await call(200, `GET ${voice}/users/{id}`, `${voice}/users/7`))).toEqual({
    ...{ user_id: '7', total_talked_time: 60, session_count: 1 },
  });
  await call(404, `GET ${voice}/users/{id}`, `${voice}/users/nobody`);
  await call(200, `GET ${voice}/sessions/{id}`, `${voice}/sessions/s1`);
  const { data } = bodyOf(await call(200, `GET ${voice}/reports/weekly`, `${voice}/reports/weekly`));
  expect(data).toMatchObject([{ user_id: '7', name: 'Seven', session_count: 1, total_talked_time: 60 }]);
  const daily = bodyOf(await call(200, 'GET /api/analytics/reports/dau', '/api/analytics/reports/dau'));
  expect(daily).toEqual({ dau: 2, date: new Date().toISOString().slice(0, 10), period: '24h' });
});

it('keys and tokens answer as documented', async () => {
  const draft = { name: 'k', scopes: ['read'], expires_at: '2999-01-01T00:00:00.000Z' };
  const { public_id } = bodyOf(await call(201, 'POST /v1/api-keys', '/v1/api-keys', draft));
  await call(204, 'DELETE /v1/api-keys/{public_id}', `/v1/api-keys/${public_id}`);
  await call(200, 'GET /v1/api-keys', '/v1/api-keys');
  await call(404, 'DELETE /v1/api-keys/{public_id}', '/v1/api-keys/nope');
  await call(200, 'POST /v1/auth/token', '/v1/auth/token', {});
});

it('organizations answer as documented', async () => {
  const settings = {
    rate_limits: { single: 5 },
    allowed_event_types: ['page_view'],
    anonymize_user_ids: true,
  };
  const { id } = bodyOf(
    await call(201, 'POST /v1/organizations', '/v1/organizations', { name: 'N', settings }, ADMIN_TOKEN),
  );
  await running.database.query(
    `INSERT INTO series_counts (organization_id, type, day, max_series, series, exceeded_at)
     VALUES ($1, 'page_view', (now() AT TIME ZONE 'UTC')::date, 1, 2, now())`,
    [id],
  );
  const route = '/v1/organizations/{id}';
  const { warnings } = bodyOf(
    await call(200, `GET ${route}`, `/v1/organizations/${id}`, undefined, ADMIN_TOKEN),
  );
  expect(warnings).toHaveLength(1);
  await call(200, `PATCH ${route}`, `/v1/organizations/${id}`, { name: 'M' }, ADMIN_TOKEN);
  await call(404, `GET ${route}`, `/v1/organizations/${UNKNOWN_ID}`, undefined, ADMIN_TOKEN);
});

it('event types answer as documented', async () => {
  const definition = { schema: { type: 'object', properties: { a: { type: 'string' } } }, dimensions: ['a'] };
  const route = '/v1/event-types/{type}';
  await call(201, `PUT ${route}`, '/v1/event-types/own', definition);
  await call(200, `PUT ${route}`, '/v1/event-types/own', { ...definition, dimensions: [] });
  await call(409, `PUT ${route}`, '/v1/event-types/page_view', definition);
  await call(200, `GET ${route}`, '/v1/event-types/own');
  await call(200, `GET ${route}`, '/v1/event-types/page_view');
  await call(404, `GET ${route}`, '/v1/event-types/nope');
  await call(200, 'GET /v1/event-types', '/v1/event-types');
});

it('reports answer as documented', async () => {
  for (const kind of ['weekly', 'monthly']) {
    const path = `/v1/reports/${kind}`;
    const { id } = bodyOf(await call(201, `POST ${path}`, path, {}));
    await call(200, `POST ${path}`, path, {});
    await call(400, `POST ${path}`, path, { [`${kind.slice(0, -2)}_start`]: 'now' });
    for (const format of ['json', 'html', 'csv', 'xlsx'])
      await call(200, `GET /v1/reports/{id}.${format}`, `/v1/reports/${id}.${format}`);
    await call(400, 'GET /v1/reports/{id}.csv', `/v1/reports/${id}.csv?table=all`);
  }
  await call(200, 'GET /v1/reports', '/v1/reports');
  for (const format of ['json', 'html', 'csv', 'xlsx'])
    await call(404, `GET /v1/reports/{id}.${format}`, `/v1/reports/${UNKNOWN_ID}.${format}`);
});

it('recipients of reports and their mails answer as documented', async () => {
  const path = '/v1/report-recipients';
  const add = (status: number, body: object) => call(status, `POST ${path}`, path, body);
  const { id } = bodyOf(await add(201, { email: 'ada@example.com', kinds: ['weekly'] }));
  await add(200, { email: 'ADA@example.com', kinds: ['weekly', 'monthly'] });
  await add(400, { email: 'ada' });
  await call(200, `GET ${path}`, path);
  const { report_id } = bodyOf(await call(202, `POST ${path}/{id}/test`, `${path}/${id}/test`));
  await call(429, `POST ${path}/{id}/test`, `${path}/${id}/test`);
  await call(404, `POST ${path}/{id}/test`, `${path}/${UNKNOWN_ID}/test`);
  const mails = bodyOf(await call(200, 'GET /v1/reports/{id}/mails', `/v1/reports/${report_id}/mails`));
  expect(mails.data).toMatchObject([{ report_id, email: 'ada@example.com', is_test: true }]);
  await call(404, 'GET /v1/reports/{id}/mails', `/v1/reports/${UNKNOWN_ID}/mails`);
  for (const method of ['GET', 'POST'])
    await call(200, `${method} /v1/unsubscribe/{token}`, '/v1/unsubscribe/x');
  await call(204, `DELETE ${path}/{id}`, `${path}/${id}`);
  await call(404, `DELETE ${path}/{id}`, `${path}/${id}`);
});

it('jobs answer as documented', async () => {
  const route = 'POST /v1/admin/jobs/{name}/run';
  const run = () => call(202, route, '/v1/admin/jobs/event-partitions/run', {}, ADMIN_TOKEN);
  const { slot } = bodyOf(await run());
  await eventually('the job has run', async () => {
    const path = '/v1/admin/jobs/event-partitions';
    const { runs } = bodyOf(await call(200, 'GET /v1/admin/jobs/{name}', path, undefined, ADMIN_TOKEN));
    return (runs as { slot: string; requested: boolean }[]).find((one) => one.slot === slot)?.requested;
  });
  await running.database.query(
    `INSERT INTO job_runs (job, slot, started_at, finished_at)
     SELECT 'event-partitions', date_trunc('hour', now()) - interval '5 hours', now(), now()`,
  );
  const before = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 5 * 3_600_000).toISOString();
  await call(200, route, '/v1/admin/jobs/event-partitions/run', { slot: before }, ADMIN_TOKEN);
  await call(
    400,
    route,
    '/v1/admin/jobs/event-partitions/run',
    { slot: '2026-01-01T00:00:01Z' },
    ADMIN_TOKEN,
  );
  await call(404, route, '/v1/admin/jobs/nothing/run', {}, ADMIN_TOKEN);
  const { data } = bodyOf(await call(200, 'GET /v1/admin/jobs', '/v1/admin/jobs', undefined, ADMIN_TOKEN));
  expect((data as unknown[]).length).toBeGreaterThan(2);
  for (const act of ['pause', 'resume']) {
    const path = `/v1/admin/jobs/closed-days/${act}`;
    const { paused } = bodyOf(
      await call(200, `POST /v1/admin/jobs/{name}/${act}`, path, undefined, ADMIN_TOKEN),
    );
    expect(paused).toBe(act === 'pause');
  }
  await call(403, 'GET /v1/admin/jobs', '/v1/admin/jobs');
});

it('alerts answer as documented', async () => {
  const channels = [{ name: 'hook', kind: 'webhook', target: 'http://127.0.0.1/' }];
  const everyone = [
    [undefined, '/v1', running.caller.organizationId],
    [ADMIN_TOKEN, '/v1/admin', '00000000-0000-0000-0000-000000000000'],
  ] as const;
  for (const [key, prefix, organizationId] of everyone) {
    const list = `${prefix}/notification-channels`;
    await call(200, `PUT ${list}`, list, { channels }, key);
    await call(400, `PUT ${list}`, list, {}, key);
    await call(200, `GET ${list}`, list, undefined, key);
    const { rows } = await running.database.query<{ id: string }>(
      `INSERT INTO alerts (organization_id, rule, name, state, summary, started_at, fired_at, resolved_at)
       VALUES ($1, 'x', 'x', 'resolved', 'x', now(), now(), now()) RETURNING id`,
      [organizationId],
    );
    const { id } = rows[0]!;
    await running.database.query(
      `INSERT INTO alert_notifications (organization_id, alert_id, channel, message, created_at, due_at, status, log)
       VALUES ($1, $2, 'hook', '{"event": "resolved"}', now(), now(), 'sent', $3)`,
      [organizationId, id, JSON.stringify([{ at: new Date(), said: 'HTTP 200' }])],
    );
    const alerts = `${prefix}/alerts`;
    await call(200, `GET ${alerts}`, `${alerts}?state=resolved`, undefined, key);
    await call(400, `GET ${alerts}`, `${alerts}?state=open`, undefined, key);
    const silence = `POST ${alerts}/{id}/silence`;
    await call(200, silence, `${alerts}/${id}/silence`, { until: new Date() }, key);
    await call(404, silence, `${alerts}/${UNKNOWN_ID}/silence`, { until: new Date() }, key);
  }
  await call(
    200,
    'POST /v1/admin/notification-channels/test',
    '/v1/admin/notification-channels/test',
    undefined,
    ADMIN_TOKEN,
  );
  const rules = '/v1/alert-rules';
  const draft = {
    name: 'a',
    kind: 'threshold',
    type: 'page_view',
    window: '1h',
    comparison: '<',
    threshold: 0,
  };
  const { id } = bodyOf(await call(201, `POST ${rules}`, rules, { ...draft, channels: ['hook'] }));
  await call(201, `POST ${rules}`, rules, { name: 'b', kind: 'no_events', minutes: 5, enabled: false });
  await call(400, `POST ${rules}`, rules, {});
  await call(409, `POST ${rules}`, rules, draft);
  await call(409, 'PUT /v1/notification-channels', '/v1/notification-channels', { channels: [] });
  await call(200, `GET ${rules}`, rules);
  const one = `${rules}/{id}`;
  await call(200, `PATCH ${one}`, `${rules}/${id}`, { threshold: 5 });
  await call(409, `PATCH ${one}`, `${rules}/${id}`, { name: 'b' });
  await call(404, `PATCH ${one}`, `${rules}/${UNKNOWN_ID}`, {});
  await call(200, `POST ${one}/test`, `${rules}/${id}/test`);
  await call(404, `POST ${one}/test`, `${rules}/${UNKNOWN_ID}/test`);
  await call(204, `DELETE ${one}`, `${rules}/${id}`);
  await call(404, `DELETE ${one}`, `${rules}/${id}`);
});

it('daily metrics answer as documented', async () => {
  await running.database.query(
    `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value)
     VALUES ($1, '2026-01-31', 'events', '{}', 3), ($1, '2026-01-31', 'events', '{"type": "page_view"}', 3)`,
    [running.caller.organizationId],
  );
  const path = '/v1/daily-metrics';
  const { data } = bodyOf(await call(200, `GET ${path}`, path)) as { data: unknown[] };
  expect(data).toHaveLength(2);
  await call(200, `GET ${path}`, `${path}?format=csv`);
  await call(400, `GET ${path}`, `${path}?from=yesterday`);
  const route = `${path}/definitions/{name}`;
  const own = `${path}/definitions/own`;
  await call(201, `PUT ${route}`, own, { type: 'page_view', where: { page: '/' } });
  await call(200, `PUT ${route}`, own, { type: 'page_view', measure: 'duration_ms', stat: 'p95' });
  await call(400, `PUT ${route}`, own, { type: 'nope' });
  await call(409, `PUT ${route}`, `${path}/definitions/dau`, { type: 'page_view' });
  await call(200, `GET ${route}`, own);
  await call(200, `GET ${path}/definitions`, `${path}/definitions`);
  await call(204, `DELETE ${route}`, own);
  await call(404, `DELETE ${route}`, own);
  await call(404, `GET ${route}`, own);
});

it('every documented success is checked, except intake and pages, which other tests check', () => {
  const untried = api.operations.flatMap(([method, path, { responses, tags }]) =>
    Object.keys(tags?.includes('ingest') ? {} : responses)
      .filter((status) => status < '300' && !compared.has(`${method.toUpperCase()} ${path} ${status}`))
      .map(() => path),
  );
  const pages =
    /^\/(health|metrics|docs|queues|openapi\.json|api\/\w+\/(health|healthz|docs|openapi\.json)$)/;
  expect(untried.filter((path) => !pages.test(path))).toEqual([]);
});
