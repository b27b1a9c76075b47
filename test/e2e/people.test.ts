import { bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { HttpClient } from '../support/http-client.js';
import { expectNoDifference } from '../support/judge.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
/** At noon, some days ago. */
const daysAgo = (days: number) => new Date(today - days * DAY_MS + DAY_MS / 2).toISOString();
const dateOf = (instant: string) => instant.slice(0, 10);

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const get = (path: string) => client.send({ path });
const view = (user_id: string, ts: string, page = '/') => ({
  type: 'page_view',
  ts,
  user_id,
  payload: { page },
});

describe('a question about people', () => {
  it.each([
    ['/v1/active-users?granularity=year&tz=Mars/Olympus&from=x', ['from', 'granularity', 'tz']],
    ['/v1/active-users?from=2016-01-01T00:00:00Z', ['from']],
    ['/v1/active-users?to=9999-12-31T23:00:00Z&granularity=month', ['to']],
    ['/v1/active-users?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', ['from']],
    ['/v1/active-users?user_id=a', ['user_id']],
    ['/v1/retention?weeks=0&tz=', ['tz', 'weeks']],
    ['/v1/retention?weeks=53', ['weeks']],
    ['/v1/retention?from=2020-01-01T00:00:00Z', ['from']],
    ['/v1/sessions?user_id=&limit=0', ['limit', 'user_id']],
    ['/v1/sessions?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', ['from']],
    ['/api/analytics/reports/dau?date=2026-02-30', ['date']],
    ['/api/analytics/reports/dau?date=today', ['date']],
    ['/api/user-metrics/reports/weekly?week_start=2026-W01&limit=x', ['limit', 'week_start']],
    ['/v1/funnel', ['steps']],
    ['/v1/funnel?steps=page_view&within=1w', ['steps', 'within']],
    ['/v1/funnel?steps=page_view,&within=40d', ['steps/1/type', 'within']],
    [
      '/v1/funnel?steps=page_view:color=red,nope&group_by=size',
      ['group_by', 'steps/0/where/color', 'steps/1/type'],
    ],
    ['/v1/funnel?steps=page_view,page_view&from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z', ['from']],
    [`/v1/funnel?steps=${Array(9).fill('page_view')}&limit=101`, ['limit', 'steps']],
  ])('%s is refused with every fault', async (path, fields) => {
    const answer = await get(path);
    expect([answer.status, answer.body.code, faultyFields(answer)]).toEqual([400, 'invalid_query', fields]);
  });

  it('may concern any year', async () => {
    for (const path of [
      '/v1/active-users?from=0000-01-03T00:00:00Z&to=0000-01-05T00:00:00Z',
      '/v1/active-users?from=0001-01-01T00:00:00Z&to=0001-01-05T00:00:00Z&tz=Europe/Berlin',
      '/v1/active-users?from=9999-12-30T00:00:00Z&to=9999-12-30T12:00:00Z&granularity=week',
      '/api/analytics/reports/dau?date=0000-01-01',
      '/api/analytics/reports/dau?date=9999-12-31',
      '/api/user-metrics/reports/weekly?week_start=9999-12-31',
    ]) {
      const answer = await get(path);
      expect([path, answer.status < 500, answer.text]).toEqual([path, true, answer.text]);
    }
  });

  it('has all periods of its range, and usual ranges', async () => {
    for (const [granularity, periods] of [
      ['day', 30],
      ['week', 12],
      ['month', 12],
    ]) {
      expect(dataOf(await get(`/v1/active-users?granularity=${granularity}`))).toHaveLength(
        periods as number,
      );
    }
    const range = 'from=2026-12-31T12:00:00Z&to=2027-01-04T00:00:01Z';
    const weeks = dataOf(await get(`/v1/active-users?granularity=week&${range}`));
    // Week 53 of 2026, and week 1 of 2027.
    expect(weeks.map(({ period }) => period)).toEqual(['2026-12-28', '2027-01-04']);
    const months = dataOf(await get(`/v1/active-users?granularity=month&${range}&tz=Asia/Kathmandu`));
    expect(months.map(({ period }) => period)).toEqual(['2026-12', '2027-01']);
  });
});

it('events sent at once, without instants, go through a funnel in the order of its steps', async () => {
  const steps = ['page_view', 'form_submit', 'course_complete'];
  const events = [
    { type: 'page_view', user_id: 'swift', payload: { page: '/a,b:c' } },
    { type: 'form_submit', user_id: 'swift', payload: { form_id: 'signup' } },
    { type: 'page_view', payload: { page: '/a,b:c' } },
  ];
  await client.post(events);
  await running.untilStored(running.caller.organizationId, events.length);
  const query = new URLSearchParams(
    steps.map((type): [string, string] => ['steps', type === 'page_view' ? `${type}:page=/a,b:c` : type]),
  );
  const funnel = bodyOf(await get(`/v1/funnel?${query}`));
  expect(funnel).toMatchObject({
    ...{ source: 'raw', within_seconds: 86_400, events_read: 2 },
    steps: [
      { type: 'page_view', where: { page: '/a,b:c' }, users: 1, share: 1 },
      { type: 'form_submit', users: 1, share: 1, share_of_previous: 1 },
      { type: 'course_complete', users: 0, share: 0 },
    ],
  });
});

it('sessions are listed by start, and a cursor belongs to its list', async () => {
  const { ingestKey, readKey, organizationId } = await running.createCaller();
  const events = Array.from({ length: 5 }, (_, i) => ({
    ...{ type: 'session_start', ts: daysAgo(i), user_id: `u${i % 2}`, session_id: `s${i}`, payload: {} },
  }));
  await client.post(events, { key: ingestKey });
  await running.untilStored(organizationId, events.length);
  const list = (query: string) => client.send({ path: `/v1/sessions?${query}`, key: readKey });
  const idsOf = (rows: readonly { session_id?: unknown }[]) => rows.map(({ session_id }) => session_id);
  const first = await list('limit=2');
  expect(idsOf(dataOf(first))).toEqual(['s0', 's1']);
  const cursor = bodyOf(first).next_cursor;
  expect(idsOf(dataOf(await list(`limit=3&cursor=${cursor}`)))).toEqual(['s2', 's3', 's4']);
  expect(idsOf(dataOf(await list('user_id=u0')))).toEqual(['s0', 's2', 's4']);
  expect(idsOf(dataOf(await list(`from=${daysAgo(3)}&to=${daysAgo(1)}`)))).toEqual(['s2', 's3']);
  for (const query of [`user_id=u0&cursor=${cursor}`, 'cursor=x']) {
    expect(faultyFields(await list(query))).toEqual(['cursor']);
  }
  expect(faultyFields(await get(`/v1/sessions?cursor=${cursor}`))).toEqual(['cursor']);
});

it('an erased user is counted nowhere', async () => {
  const { adminKey, organizationId } = await running.createCaller();
  const own = new HttpClient(running.url, adminKey);
  const events = [
    view('gone', daysAgo(15)),
    view('gone', daysAgo(8)),
    view('stays', daysAgo(8)),
    view('stays', daysAgo(1)),
  ];
  await own.post(events);
  await running.untilStored(organizationId, events.length);
  const count = async () => {
    const from = `from=${daysAgo(15)}`;
    const days = dataOf(await own.send({ path: `/v1/active-users?${from}` }));
    const day = days.find(({ period }) => period === dateOf(daysAgo(8)));
    const cohorts = dataOf(await own.send({ path: `/v1/retention?${from}` }));
    const users = cohorts.reduce((sum, cohort) => sum + (cohort.users as number), 0);
    return { active: day!.active, new: day!.new, returning: day!.returning, users };
  };
  expect(await count()).toEqual({ active: 2, new: 1, returning: 1, users: 2 });
  expect((await own.send({ method: 'DELETE', path: '/v1/users/gone' })).status).toBe(200);
  expect(await count()).toEqual({ active: 1, new: 1, returning: 0, users: 1 });
  expect((await own.send({ path: '/v1/users/gone/summary' })).status).toBe(404);
  const { rows } = await running.database.query(
    `SELECT user_id FROM user_periods WHERE user_id = 'gone'
     UNION ALL SELECT user_id FROM user_first_days WHERE user_id = 'gone'`,
  );
  expect(rows).toEqual([]);
  await expectNoDifference(running.databaseUrl);
});

it('clients of the dialects find health and documents where they look', async () => {
  for (const path of ['/api/metrics/health', '/api/analytics/healthz']) {
    expect((await client.send({ path, key: null })).body).toEqual({ status: 'ok' });
  }
  const [own, theirs] = await Promise.all(
    ['/openapi.json', '/api/analytics/openapi.json'].map((path) => client.send({ path, key: null })),
  );
  expect(theirs!.text).toBe(own!.text);
  expect((await client.send({ path: '/api/analytics/docs', key: null })).text).toContain('swagger');
});
