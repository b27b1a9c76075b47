import { dimensionValue } from '#catalog';
import { bodyOf } from '../support/administration.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const DAY_MS = 86_400_000;
/** Midnight of the day before yesterday. */
const start = (Math.floor(Date.now() / DAY_MS) - 2) * DAY_MS;
const at = (hours: number) => new Date(start + hours * 3_600_000).toISOString();

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
});
afterAll(() => running?.stop());

/** A new organization with these events. */
async function withEvents(bodies: Readonly<Record<string, readonly object[]>>): Promise<void> {
  const caller = await running.createCaller();
  client = new HttpClient(running.url, caller.adminKey);
  const counts = Object.values(bodies).map(({ length }) => length);
  for (const [path, body] of Object.entries(bodies)) {
    expect((await client.post(body, { path })).status).toBe(202);
  }
  await running.untilStored(
    caller.organizationId,
    counts.reduce((a, b) => a + b),
  );
}

const get = async (path: string, parameters: Readonly<Record<string, string>> = {}) => {
  const query = new URLSearchParams(parameters);
  const answer = await client.send({ path: `${path}?${query}` });
  return {
    status: answer.status,
    body: bodyOf(answer) as { data: never[]; next_cursor: string | null; errors: never[] },
  };
};
const idsOf = async (path: string, parameters: Readonly<Record<string, string>>) => {
  const { status, body } = await get(path, parameters);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.data.map(({ id }) => id);
};

describe('conditions on payload fields', () => {
  const long = 'x'.repeat(300);
  const values: Record<string, unknown> = {
    text: 'main',
    empty: '',
    'text null': 'null',
    null: null,
    false: false,
    'text false': 'false',
    number: 1.5,
    'text number': '1.5',
    long,
    object: { branch: 'main' },
    list: ['main'],
  };
  beforeAll(() =>
    withEvents({
      '/v1/events': [
        ...Object.entries(values).map(([id, branch], i) => ({
          ...{ id, ts: at(i), type: 'page_view' },
          payload: { page: '/', branch, context: { branch } },
        })),
        { id: 'absent', ts: at(20), type: 'page_view', payload: { page: '/' } },
        { id: 'dotted', ts: at(21), type: 'page_view', payload: { page: '/', 'context.branch': 'main' } },
      ],
    }),
  );

  it.each([
    ['main', ['text']],
    ['', ['empty']],
    ['null', ['text null']],
    ['false', ['text false', 'false']],
    ['1.5', ['text number', 'number']],
    ['1.50', []],
    [long, ['long']],
    [dimensionValue(long)!, ['long']],
  ])('find events by the text that a dimension has: %s', async (value, expected) => {
    expect(await idsOf('/v1/events', { 'where[payload.branch]': value })).toEqual(expected);
    const nested = await idsOf('/v1/events', { 'where[payload.context.branch]': value });
    expect(nested).toEqual(value === 'main' ? ['dotted', ...expected] : expected);
  });

  it('find events without a text', async () => {
    const missing = ['absent', 'list', 'object', 'null'];
    expect(await idsOf('/v1/events', { missing: 'payload.branch' })).toEqual(['dotted', ...missing]);
    expect(await idsOf('/v1/events', { missing: 'payload.context.branch,payload.nope' })).toEqual(missing);
  });

  it('are met all at once, together with other filters and pages', async () => {
    const both = {
      'where[payload.page]': '/',
      'where[payload.branch]': 'false',
      type: 'page_view',
      limit: '1',
    };
    const first = await get('/v1/events', both);
    expect(first.body.data).toMatchObject([{ id: 'text false' }]);
    const second = await get('/v1/events', { ...both, cursor: first.body.next_cursor! });
    expect(second.body).toMatchObject({ data: [{ id: 'false' }], next_cursor: null });
    const other = await get('/v1/events', {
      ...both,
      'where[payload.branch]': 'main',
      cursor: first.body.next_cursor!,
    });
    expect(other).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
  });

  it('name all that is wrong with them', async () => {
    const wrong = { 'where[branch]': 'x', missing: 'page', limit: '0', user_id: '' };
    const { status, body } = await get('/v1/events', wrong);
    expect([status, body.errors.map(({ path }) => path).sort()]).toEqual([
      400,
      ['limit', 'user_id', 'where[branch]', 'where[page]'],
    ]);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`where[payload.f${i}]`, '']));
    expect(await get('/v1/events', many)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'where' }] },
    });
  });

  it('find exactly the events that were counted in a group', async () => {
    const command = { execution_time_ms: 1, status: 'success' };
    // Two of them are shortened to the same first characters.
    const names = ['plan', 'x'.repeat(250), `${'x'.repeat(250)}y`, '1.5', 'null'];
    await withEvents({
      '/v1/events': Array.from({ length: 40 }, (_, i) => ({
        ...{ id: `c${i}`, ts: at(i / 2), type: 'command_execution' },
        payload: { ...command, command_name: names[(i * i) % names.length] },
      })),
    });
    const range = { from: at(0), to: at(24) };
    const question = { type: 'command_execution', group_by: 'command_name', window: '1d', ...range };
    const { body } = await get('/v1/aggregates', question);
    const { series } = body as unknown as {
      series: { group: { command_name: string }; points: { count: number }[] }[];
    };
    expect(series.length).toBe(new Set(names.map((_, i) => names[(i * i) % names.length])).size);
    for (const { group, points } of series) {
      const found = await idsOf('/v1/events', {
        ...{ type: 'command_execution', ...range, 'where[payload.command_name]': group.command_name },
      });
      expect(found).toHaveLength(points[0]!.count);
    }
  });
});

describe('lists of the development dialect', () => {
  const ada = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  const grace = '11111111-2222-4333-8444-555555555555';
  const commands = Array.from({ length: 30 }, (_, i) => ({
    ...{
      id: `c${i}`,
      user_id: i % 3 ? ada : grace,
      command_name: i % 2 ? 'plan' : 'build',
      execution_time_ms: i,
    },
    ...{ status: i % 5 ? 'success' : 'error', executed_at: at(i), context: { branch: `b${i}` }, team: i },
  }));
  const agents = Array.from({ length: 4 }, (_, i) => ({
    ...{ id: `a${i}`, user_id: ada, agent_name: i ? 'reviewer' : 'coder', interaction_type: 'chat' },
    ...{ execution_time_ms: 5, status: 'success', input_tokens: i, executed_at: at(i) },
  }));
  beforeAll(() => withEvents({ '/api/metrics/commands': commands, '/api/metrics/agents': agents }));

  const of = (matches: (command: (typeof commands)[number], i: number) => boolean) =>
    commands
      .filter(matches)
      .map(({ id }) => id)
      .reverse();
  const dayOf = (hours: number) => at(hours).slice(0, 10);

  it('return what was sent, the newest first', async () => {
    const { body } = await get('/api/metrics/commands', { limit: '1' });
    expect(body.data).toEqual([{ ...commands[29], session_id: null }]);
    const list = await get('/api/metrics/agents', { agent_name: 'coder' });
    expect(list.body).toEqual({ data: [{ ...agents[0], session_id: null }], next_cursor: null });
  });

  it.each([
    [{ command_name: 'plan' }, (_: unknown, i: number) => i % 2 === 1],
    [{ status: 'error' }, (_: unknown, i: number) => i % 5 === 0],
    [{ user_id: grace }, (_: unknown, i: number) => i % 3 === 0],
    [
      { user_id: ada.toUpperCase(), command_name: 'build', status: 'success' },
      (_: unknown, i: number) => i % 3 && !(i % 2) && i % 5,
    ],
    [{ start_date: dayOf(0), end_date: dayOf(0) }, (_: unknown, i: number) => i < 24],
    [{ start_date: dayOf(24) }, (_: unknown, i: number) => i >= 24],
    [{ start_date: at(3), end_date: at(5) }, (_: unknown, i: number) => i === 3 || i === 4],
    [{ command_name: 'nope' }, () => false],
  ])('are filtered by %j', async (filter, matches) => {
    const expected = of((command, i) => Boolean(matches(command, i)));
    expect(await idsOf('/api/metrics/commands', filter as Record<string, string>)).toEqual(expected);
  });

  it('are paged', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Awaited<ReturnType<typeof get>> = await get('/api/metrics/commands', {
        status: 'success',
        limit: '7',
        cursor,
      });
      ids.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(ids).toEqual(of((_, i) => i % 5 !== 0));
  });

  it.each([
    [{ status: 'nope', start_date: 'yesterday', agent_name: 'x' }, ['agent_name', 'start_date', 'status']],
    [{ start_date: '2026-02-01', end_date: '2026-01-01' }, ['start_date']],
  ])('refuse %j', async (filter, paths) => {
    const { status, body } = await get('/api/metrics/commands', filter as Record<string, string>);
    expect([status, body.errors.map(({ path }) => path).sort()]).toEqual([400, paths]);
  });
});

describe('readings of a device', () => {
  const readings = Array.from({ length: 12 }, (_, i) => ({
    ...{ device_name: i % 2 ? 'web/1' : 'web-2', metric_name: 'cpu', value: i + 0.5, timestamp: at(i) },
    ...(i % 3 ? { unit: '%' } : {}),
  }));
  beforeAll(() => withEvents({ '/api/v1/aggregator/metrics/batch': readings }));
  const path = '/api/v1/reports/metrics/web%2F1';
  const own = readings
    .filter(({ device_name }) => device_name === 'web/1')
    .map(({ metric_name, value, unit = null, timestamp }) => ({ metric_name, value, unit, timestamp }))
    .reverse();

  it('are listed by time, in pages', async () => {
    expect((await get(path)).body).toEqual({ device_name: 'web/1', data: own, next_cursor: null });
    expect((await get(path, { start_time: at(3), end_time: at(7) })).body.data).toEqual(own.slice(3, 5));
    const first = await get(path, { limit: '4' });
    const rest = await get(path, { limit: '4', cursor: first.body.next_cursor! });
    expect([...first.body.data, ...rest.body.data]).toEqual(own);
    const other = await get('/api/v1/reports/metrics/web-2', { limit: '4', cursor: first.body.next_cursor! });
    expect(other).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
  });

  it('are none of a device that is not known', async () => {
    const { body } = await get('/api/v1/reports/metrics/nope');
    expect(body).toEqual({ device_name: 'nope', data: [], next_cursor: null });
  });

  it.each([
    [path, { device_name: 'web-2', start_time: 'now' }, ['device_name', 'start_time']],
    [path, { start_time: at(2), end_time: at(2) }, ['start_time']],
    [`/api/v1/reports/metrics/${'x'.repeat(256)}`, {}, ['device_name']],
  ])('are refused at %s with %j', async (refused, parameters, paths) => {
    const { status, body } = await get(refused, parameters as Record<string, string>);
    expect([status, body.errors.map(({ path }) => path).sort()]).toEqual([400, paths]);
  });
});
