import { bodyOf } from '../support/administration.js';
import { bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const DAY_MS = 86_400_000;

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const call = (method: string, path: string, body?: unknown, key?: string) =>
  client.send({ method, path, ...(key && { key }) }, body === undefined ? undefined : bytesOf(body));

/** Monday of the last week that has ended, in UTC, some weeks earlier. */
function monday(weeksEarlier = 0): Date {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const weekday = (new Date(today).getUTCDay() + 6) % 7;
  return new Date(today - (weekday + 7 * (1 + weeksEarlier)) * DAY_MS);
}
const dateOf = (date: Date) => date.toISOString().slice(0, 10);

const page = (id: string, at: number) => ({
  ...{ id, type: 'page_view', payload: { page: '/' }, user_id: 'ada', ts: new Date(at).toISOString() },
});

it('is stored once, and computed anew when events came late', async () => {
  const inWeek = monday().getTime() + DAY_MS;
  expect((await client.post([page('1', inWeek), page('2', inWeek)])).status).toBe(202);
  await running.untilStored(running.caller.organizationId, 2);
  const first = await call('POST', '/v1/reports/weekly', {});
  expect([first.status, bodyOf(first)]).toMatchObject([201, { totals: { events: 2 }, late_events: 0 }]);
  const { id } = bodyOf(first);
  expect(first.headers.get('location')).toBe(`/v1/reports/${id}.json`);
  const again = await call('POST', '/v1/reports/weekly', { week_start: dateOf(monday()) });
  expect([again.status, bodyOf(again)]).toEqual([200, bodyOf(first)]);

  expect((await client.post([page('3', inWeek)])).status).toBe(202);
  await running.untilStored(running.caller.organizationId, 3);
  expect(bodyOf(await call('GET', `/v1/reports/${id}.json`))).toEqual(bodyOf(first));
  const revised = await call('POST', '/v1/reports/weekly', {});
  expect([revised.status, bodyOf(revised)]).toMatchObject([
    200,
    { id, totals: { events: 3 }, late_events: 1 },
  ]);
  expect(bodyOf(await call('GET', `/v1/reports/${id}.json`))).toEqual(bodyOf(revised));
});

it('reads well for a week without events', async () => {
  const report = bodyOf(await call('POST', '/v1/reports/weekly', { week_start: dateOf(monday(5)) }));
  expect(report).toMatchObject({
    totals: { events: 0, active_users: 0, error_rate: null, avg_session_seconds: null },
    ...{ unusual: [], top_commands: [], event_types: [], users: [], users_with_sessions: 0 },
    change: { events: null },
  });
  expect((report.days as unknown[]).length).toBe(7);
});

it('is listed, the latest period first, page by page', async () => {
  await call('POST', '/v1/reports/monthly', {});
  const all = bodyOf(await call('GET', '/v1/reports')).data as { period: { start: string }; kind: string }[];
  expect(all.length).toBe(3);
  expect(all.map(({ period }) => period.start)).toEqual(
    all
      .map(({ period }) => period.start)
      .sort()
      .reverse(),
  );
  const paged: unknown[] = [];
  for (let cursor: unknown = ''; cursor !== null; ) {
    const next = bodyOf(await call('GET', `/v1/reports?limit=1${cursor ? `&cursor=${cursor}` : ''}`));
    paged.push(...(next.data as unknown[]));
    cursor = next.next_cursor;
  }
  expect(paged).toEqual(all);
});

it('says which periods there are', async () => {
  const fault = async (kind: string, body: object) => {
    const answer = await call('POST', `/v1/reports/${kind}`, body);
    expectProblem(answer, 400, 'invalid_body');
    return (bodyOf(answer).errors as { path: string; message: string }[])[0];
  };
  expect(await fault('weekly', { week_start: '2026-11-17' })).toEqual({
    ...{ path: 'week_start', message: 'week_start must be a Monday' },
  });
  expect((await fault('weekly', { week_start: dateOf(monday(-1)) }))!.message).toMatch(
    /a week that has ended/,
  );
  expect((await fault('monthly', { month_start: '2026-10-02' }))!.message).toMatch(/the first of a month/);
  expect((await fault('weekly', { week_start: '2026-02-30' }))!.path).toBe('week_start');
});

it('belongs to its organization', async () => {
  const [entry] = bodyOf(await call('GET', '/v1/reports')).data as { id: string }[];
  const stranger = await running.createCaller();
  expectProblem(
    await call('GET', `/v1/reports/${entry!.id}.json`, undefined, stranger.adminKey),
    404,
    'not_found',
  );
  expect(bodyOf(await call('GET', '/v1/reports', undefined, stranger.adminKey)).data).toEqual([]);
  expectProblem(await call('GET', '/v1/reports/x.json'), 404, 'not_found');
  expectProblem(await call('GET', '/v1/reports', undefined, running.caller.ingestKey), 403, 'forbidden');
});
