import { parse } from 'csv-parse/sync';
import { bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { lastDay } from '../support/daily-metrics-fixture.js';
import type { DailyRow } from '../support/daily-metrics-oracle.js';
import { eventually } from '../support/eventually.js';
import { type Answer, bytesOf, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const PATH = '/v1/daily-metrics';
const DEFINITIONS = `${PATH}/definitions`;
const DAYS = ['2026-10-24', '2026-10-25', '2026-10-26'];

let running: RunningApi;
let client: HttpClient;
let other: Caller;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.adminKey);
  other = await running.createCaller();
  for (const { organizationId } of [running.caller, other]) {
    for (const [i, day] of DAYS.entries()) {
      await running.database.query(
        `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value)
         SELECT $1, $2, name, dimensions, value + $3 FROM (VALUES
           ('events', '{}'::jsonb, 10), ('events', '{"type": "page_view"}', 7), ('events', '{"type": "=1+1"}', 3),
           ('sessions', '{"device": null}', 2), ('dau', '{}', 4.5)) AS m(name, dimensions, value)`,
        [organizationId, day, i],
      );
    }
  }
});
afterAll(() => running?.stop());

const get = (query = '', headers: Record<string, string> = {}, key = running.caller.readKey) =>
  client.send({ path: `${PATH}?${query}`, key, headers });
const rows = (answer: Answer) => {
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return dataOf(answer);
};
const send = (method: string, name: string, body?: unknown, key = running.caller.adminKey) =>
  client.send(
    { method, path: `${DEFINITIONS}/${name}`, key },
    body === undefined ? undefined : bytesOf(body),
  );

describe('daily metrics', () => {
  it('are listed by day, name and dimensions, page by page', async () => {
    const all = rows(await get('limit=1000'));
    expect(all).toHaveLength(15);
    expect(all.slice(0, 2)).toEqual([
      { day: '2026-10-24', name: 'dau', dimensions: {}, value: 4.5 },
      { day: '2026-10-24', name: 'events', dimensions: {}, value: 10 },
    ]);
    for (const limit of [1, 2, 4, 15]) {
      const found: unknown[] = [];
      for (let cursor: unknown = ''; cursor !== null; ) {
        const answer = await get(`limit=${limit}&cursor=${cursor}`);
        found.push(...rows(answer));
        cursor = bodyOf(answer).next_cursor;
      }
      expect(found).toEqual(all);
    }
  });

  it.each([
    ['from=2026-10-25&to=2026-10-26', 5],
    ['from=2026-10-26', 5],
    ['to=2026-10-24', 0],
    ['name=events', 9],
    ['name=events,dau&totals=true', 6],
    ['dimension=type', 6],
    ['dimension=type&value=page_view', 3],
    ['dimension=device', 3],
  ])('with %s are %i', async (query, count) => {
    expect(rows(await get(query))).toHaveLength(count);
  });

  it('are refused with all faults at once', async () => {
    const faults = async (query: string, headers?: Record<string, string>) => {
      const answer = await get(query, headers);
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid_query']);
      return faultyFields(answer);
    };
    expect(await faults('from=2026-13-01&to=x&name=,&totals=2&format=xml&limit=0&colour=red')).toEqual([
      ...['colour', 'format', 'from', 'limit', 'name', 'to', 'totals'],
    ]);
    expect(await faults('from=2026-10-25&to=2026-10-25&value=a&limit=0')).toEqual(['from', 'limit', 'value']);
    expect(await faults('totals=true&dimension=type')).toEqual(['totals']);
    expect(await faults('format=csv&limit=5&cursor=x')).toEqual(['cursor', 'limit']);
    expect(await faults('limit=5', { accept: 'text/csv' })).toEqual(['limit']);
  });

  it('refuse cursors of other queries, of other organizations and made-up ones', async () => {
    const { next_cursor } = bodyOf(await get('limit=1&name=events'));
    const foreign = bodyOf(await get('limit=1', {}, other.readKey)).next_cursor;
    const scope = JSON.parse(
      Buffer.from(String(bodyOf(await get('limit=1')).next_cursor), 'base64url').toString(),
    )[0];
    const made = [
      ['2026-99-01', 'dau', '{}'],
      ['2026-10-24', 'dau', '{'],
      ['2026-10-24', 'dau', '{"a":"\\u0000"}'],
      ['2026-10-24', 'dau', '{"a":"\\ud800"}'],
      ['2026-10-24', 1, '{}'],
    ].map((position) => Buffer.from(JSON.stringify([scope, ...position])).toString('base64url'));
    for (const cursor of [next_cursor, foreign, ...made]) {
      const answer = await get(`limit=1&cursor=${cursor}`);
      expect([cursor, answer.status, faultyFields(answer)]).toEqual([cursor, 400, ['cursor']]);
    }
  });

  it.each([
    ['format=csv', {}],
    ['', { accept: 'text/csv' }],
    ['', { accept: 'application/json;q=0.1, text/csv; header=present' }],
  ])('are CSV with %s and %j', async (query, headers) => {
    const answer = await get(query, headers as Record<string, string>);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/csv/),
    ]);
    const [header, ...records] = parse(answer.text) as string[][];
    expect(header).toEqual(['day', 'name', 'dimension', 'dimension_value', 'value']);
    expect(records).toHaveLength(15);
    expect(records.slice(0, 4)).toEqual([
      ['2026-10-24', 'dau', '', '', '4.5'],
      ['2026-10-24', 'events', '', '', '10'],
      ['2026-10-24', 'events', 'type', "'=1+1", '3'],
      ['2026-10-24', 'events', 'type', 'page_view', '7'],
    ]);
    expect(answer.text.split('\r\n')).toHaveLength(17);
  });

  it.each([
    ['format=json', { accept: 'text/csv' }],
    ['', { accept: 'text/csv;q=0, */*' }],
    ['', { accept: 'text/html' }],
  ])('are JSON with %s and %j', async (query, headers) => {
    expect(rows(await get(query, headers as Record<string, string>))).toHaveLength(15);
  });
});

describe('daily metrics of an organization', () => {
  const definition = {
    type: 'command_execution',
    measure: 'execution_time_ms',
    stat: 'p95',
    where: { status: 'success' },
    group_by: ['command_name'],
  };

  it('are defined, changed, listed and removed by admins, with their values and in the audit log', async () => {
    const created = await send('PUT', 'slow', definition);
    expect([created.status, bodyOf(created)]).toEqual([
      201,
      { name: 'slow', ...definition, updated_at: expect.any(String) },
    ]);
    await running.database.query(
      `INSERT INTO daily_metrics (organization_id, day, name, dimensions, value) VALUES ($1, '2026-10-24', 'slow', '{}', 1)`,
      [running.caller.organizationId],
    );
    const again = await send('PUT', 'slow', definition);
    expect([again.status, bodyOf(again)]).toEqual([200, bodyOf(created)]);
    expect(rows(await get('name=slow'))).toHaveLength(1);
    const changed = await send('PUT', 'slow', { type: 'page_view' });
    expect([changed.status, bodyOf(changed)]).toMatchObject([
      200,
      { type: 'page_view', measure: null, stat: 'count', where: {}, group_by: [] },
    ]);
    expect(rows(await get('name=slow'))).toEqual([]);
    const { readKey } = running.caller;
    expect(bodyOf(await send('GET', 'slow', undefined, readKey))).toEqual(bodyOf(changed));
    expect(dataOf(await client.send({ path: DEFINITIONS, key: readKey }))).toEqual([bodyOf(changed)]);
    expect(dataOf(await client.send({ path: DEFINITIONS, key: other.readKey }))).toEqual([]);
    expect((await send('DELETE', 'slow', undefined, other.adminKey)).status).toBe(404);
    expect((await send('DELETE', 'slow')).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await send(method, 'slow')).status).toBe(404);
    const log = await client.send({ path: '/v1/audit-log?action=daily_metric.define,daily_metric.delete' });
    expect(dataOf(log).map(({ action }) => action)).toEqual([
      ...['daily_metric.delete', 'daily_metric.define', 'daily_metric.define'],
    ]);
  });

  it('are written by nobody else', async () => {
    for (const key of [running.caller.readKey, running.caller.ingestKey]) {
      expect((await send('PUT', 'own', definition, key)).status).toBe(403);
      expect((await send('DELETE', 'own', undefined, key)).status).toBe(403);
    }
  });

  it.each<[string, object, string[]]>([
    ['no type', {}, ['type']],
    ['an unknown type', { type: 'nope' }, ['type']],
    [
      'what the type does not have',
      { type: 'page_view', measure: 'weight', stat: 'sum', where: { colour: 'red' }, group_by: ['size'] },
      ['group_by', 'measure', 'where[colour]'],
    ],
    ['a statistic without a measure', { type: 'page_view', stat: 'sum' }, ['stat']],
    [
      'a measure without a statistic, and several dimensions',
      { type: 'command_execution', measure: 'execution_time_ms', group_by: ['status', 'command_name'] },
      ['group_by', 'stat'],
    ],
    ['unknown fields', { type: 'page_view', stat: 'p96', window: '1h', tz: 'UTC' }, ['stat', 'tz', 'window']],
  ])('are refused with %s', async (_what, body, fields) => {
    const answer = await send('PUT', 'own', body);
    expect([answer.status, faultyFields(answer)]).toEqual([400, fields]);
  });

  it('have names of their own, and are at most 50', async () => {
    const refused = await send('PUT', 'dau', definition);
    expect([refused.status, refused.body.code]).toEqual([409, 'built_in_metric']);
    const odd = await send('PUT', 'Dau', definition);
    expect([odd.status, faultyFields(odd)]).toEqual([400, ['name']]);
    for (let i = 0; i < 50; i++) expect((await send('PUT', `own-${i}`, definition)).status).toBe(201);
    const another = await send('PUT', 'own-50', definition);
    expect([another.status, another.body.code]).toEqual([409, 'too_many_metrics']);
    expect((await send('PUT', 'own-49', { type: 'page_view' })).status).toBe(200);
  });
});

describe('a day that has ended', () => {
  const zone = 'Asia/Kathmandu';
  const day = lastDay(Date.now(), zone);
  const [from, to] = [0, 24].map((hours) => Date.parse(`${day}T00:00:00+05:45`) + hours * 3_600_000);
  let computing: RunningApi;
  let caller: HttpClient;

  beforeAll(async () => {
    computing = await startApi();
    caller = new HttpClient(computing.url, computing.caller.adminKey);
  });
  afterAll(() => computing?.stop());

  const read = async (path: string) => bodyOf(await caller.send({ path }));
  const statisticOf = async (query: string) => {
    const range = new URLSearchParams({ from: iso(from!), to: iso(to!), tz: zone });
    const { series } = (await read(`/v1/aggregates?${query}&window=1d&${range}`)) as {
      series: { group: object; total: object }[];
    };
    return series.map(({ group, total }) => [...Object.values(group), ...Object.values(total)]);
  };
  const iso = (epochMs: number) => new Date(epochMs).toISOString();

  it('is computed by a worker in its time zone, with the numbers of the other routes', async () => {
    const { organizationId } = computing.caller;
    const settings = { settings: { time_zone: zone } };
    const changed = await caller.post(settings, {
      method: 'PATCH',
      path: `/v1/organizations/${organizationId}`,
    });
    expect(changed.status).toBe(200);
    const own = { type: 'agent_interaction', measure: 'execution_time_ms', stat: 'p95' };
    const path = `${DEFINITIONS}/slow`;
    expect((await caller.post(own, { method: 'PUT', path })).status).toBe(201);
    // From two days before until an hour before the end of the day.
    const events = Array.from({ length: 60 }, (_, n) => ({
      ...{
        id: `${n}`,
        ts: iso(to! - (n + 1) * 3_600_000),
        type: 'agent_interaction',
        user_id: `user-${n % 7}`,
      },
      payload: {
        ...{ agent_name: `agent-${n % 3}`, interaction_type: 'chat', input_tokens: n * n },
        ...{ execution_time_ms: n * 10, status: n % 4 === 0 ? 'error' : 'success' },
      },
    }));
    expect((await caller.post(events)).status).toBe(202);
    await computing.untilStored(organizationId, events.length);
    await computing.database.query(
      `INSERT INTO job_runs (job, slot) VALUES ('daily-metrics', now() - interval '3 hours')`,
    );
    await computing.startWorker();
    const metrics = await eventually('the day is computed', async () => {
      const { data } = (await read(`${PATH}?from=${day}`)) as { data: DailyRow[] };
      return data.length > 0 && data;
    });
    const values = (name: string) =>
      metrics
        .filter((metric) => metric.name === name)
        .map(({ dimensions, value }) => [...Object.values(dimensions), value]);
    const range = new URLSearchParams({ from: iso(from!), to: iso(to!), tz: zone });
    const { data } = (await read(`/v1/active-users?${range}`)) as { data: unknown[] };
    const [[active], [fresh]] = [values('dau')[0]!, values('new_users')[0]!];
    expect(data).toEqual([{ period: day, active, new: fresh, returning: Number(active) - Number(fresh) }]);
    expect(values('events')).toEqual([[24], ['agent_interaction', 24]]);
    expect(values('error_rate')).toEqual([[0.25]]);
    const type = 'type=agent_interaction';
    const tokens = `${type}&measure=input_tokens&stats=sum`;
    expect(values('input_tokens')).toEqual([
      ...(await statisticOf(tokens)),
      ...(await statisticOf(`${tokens}&group_by=agent_name`)),
    ]);
    expect(values('slow')).toEqual(await statisticOf(`${type}&measure=execution_time_ms&stats=p95`));
  });
});
