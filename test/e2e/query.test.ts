import { createPool } from '#database';
import { Compactor, WINDOW_SECONDS } from '#rollups';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const WINDOWS = Object.keys(WINDOW_SECONDS);
const COMMANDS = ['plan', 'build', 'test'];

let running: RunningApi;
let caller: Caller;
let outsider: Caller;
/** Midnight of yesterday, so that no event below is in the current window. */
const start = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;

const events = Array.from({ length: 300 }, (_, n) => ({
  id: `event-${n}`,
  ts: new Date(start + n * 60_000).toISOString(),
  type: 'command_execution',
  user_id: `user-${n % 7}`,
  payload: {
    command_name: COMMANDS[n % 3],
    execution_time_ms: n + 1,
    status: n % 10 === 0 ? 'error' : 'success',
  },
}));

interface Aggregates {
  source: string;
  series: { group: Record<string, string | null>; points: Record<string, number>[] }[];
  next_cursor: string | null;
}

async function get(path: string, key = caller.readKey): Promise<{ status: number; body: never }> {
  const response = await fetch(`${running.url}${path}`, { headers: { 'x-api-key': key } });
  return { status: response.status, body: (await response.json()) as never };
}

const aggregates = async (query: string, key?: string): Promise<Aggregates> => {
  const range = `from=${new Date(start).toISOString()}&to=${new Date(start + 86_400_000).toISOString()}`;
  const { status, body } = await get(`/v1/aggregates?type=command_execution&${range}&${query}`, key);
  expect(status).toBe(200);
  return body;
};

const sum = ({ series }: Aggregates, name = 'count') =>
  series.flatMap(({ points }) => points).reduce((total, point) => total + point[name]!, 0);

beforeAll(async () => {
  running = await startApi();
  caller = running.caller;
  outsider = await running.createCaller();
  const response = await fetch(`${running.url}/v1/events`, {
    method: 'POST',
    headers: { 'x-api-key': caller.ingestKey, 'content-type': 'application/json' },
    body: JSON.stringify([...events, ...events.slice(0, 50)]),
  });
  expect(response.status).toBe(202);
  await running.untilStored(caller.organizationId, events.length);
});

afterAll(() => running.stop());

/** The same queries before and after the deltas are folded in. */
describe.each(['before compaction', 'after compaction'])('aggregates %s', (state) => {
  beforeAll(async () => {
    if (state === 'before compaction') return;
    const pool = createPool({ databaseUrl: running.databaseUrl, role: 'worker', size: 2 });
    await new Compactor(pool).compactAll();
    await pool.end();
  });

  it.each(WINDOWS)('count every event once in windows of %s', async (window) => {
    const answer = await aggregates(`window=${window}`);
    expect(answer.source).toBe('rollups');
    expect(sum(answer)).toBe(events.length);
    expect(answer.series[0]!.points).toHaveLength(
      Math.ceil((events.length * 60) / WINDOW_SECONDS[window as '1m']),
    );
  });

  it('measure, group and filter', async () => {
    const measured = await aggregates(
      'window=1d&measure=execution_time_ms&stats=count,sum,avg,min,max,p50,p99&group_by=command_name',
    );
    expect(measured.series.map(({ group }) => group.command_name)).toEqual([...COMMANDS].sort());
    const plan = measured.series.find(({ group }) => group.command_name === 'plan')!.points[0]!;
    // plan has 1, 4, 7, … 298
    expect(plan).toMatchObject({ count: 100, sum: 14_950, avg: 149.5, min: 1, max: 298 });
    expect(Math.abs(plan.p50! / 148 - 1)).toBeLessThan(0.01);
    expect(Math.abs(plan.p99! / 295 - 1)).toBeLessThan(0.01);
    expect(sum(await aggregates('window=1d&where%5Bstatus%5D=error'))).toBe(30);
  });

  it('answer for one user from the raw events', async () => {
    const answer = await aggregates('window=1d&user_id=user-3&measure=execution_time_ms&stats=count,max');
    expect(answer.source).toBe('raw');
    const own = events
      .filter(({ user_id }) => user_id === 'user-3')
      .map(({ payload }) => payload.execution_time_ms);
    expect(answer.series[0]!.points[0]).toMatchObject({ count: own.length, max: Math.max(...own) });
  });

  it('are paged by series', async () => {
    const first = await aggregates('window=1d&group_by=command_name&limit=2');
    const second = await aggregates(`window=1d&group_by=command_name&limit=2&cursor=${first.next_cursor}`);
    expect([...first.series, ...second.series].map(({ group }) => group.command_name)).toEqual(
      [...COMMANDS].sort(),
    );
    expect(second.next_cursor).toBeNull();
  });

  it('show nothing to another organization', async () => {
    expect((await aggregates('window=1d', outsider.readKey)).series).toEqual([]);
  });
});

it('an answer that the client has already is an empty 304', async () => {
  const to = new Date(start + 86_400_000).toISOString();
  const ask = (tag?: string) =>
    fetch(`${running.url}/v1/aggregates?type=command_execution&window=1h&to=${to}`, {
      headers: { 'x-api-key': caller.readKey, ...(tag ? { 'if-none-match': tag } : {}) },
    });
  const first = await ask();
  const tag = first.headers.get('etag')!;
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await first.json()).toMatchObject({ source: 'rollups' });
  for (const known of [tag, `"other", W/${tag}`, '*']) {
    const again = await ask(known);
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
  }
  expect((await ask('"other"')).status).toBe(200);
});

describe('an invalid query', () => {
  it.each([
    ['type=nope', 'type'],
    ['type=command_execution&measure=nope', 'measure'],
    ['type=command_execution&group_by=nope', 'group_by'],
    ['type=command_execution&where%5Bnope%5D=1', 'where[nope]'],
    ['type=command_execution&window=7m', 'window'],
    ['type=command_execution&stats=p42', 'stats'],
    ['type=command_execution&stats=p95', 'stats'],
    ['type=command_execution&from=yesterday', 'from'],
    ['type=command_execution&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['type=command_execution&from=2020-01-01T00:00:00Z', 'from'],
    ['type=command_execution&limit=0', 'limit'],
    ['type=command_execution&cursor=x', 'cursor'],
    ['type=command_execution&cursr=x', 'cursr'],
    ['type=command_execution&cursr=', 'cursr'],
    ['type=command_execution&where%5Bstatus', 'where[status'],
    ['type=command_execution&where%5B__proto__%5D=x', 'where[__proto__]'],
    ['type=command_execution&where%5Bconstructor%5D=x', 'where[constructor]'],
    ['type=command_execution&__proto__=1', '__proto__'],
    ['type=command_execution&constructor=1', 'constructor'],
    ['type=command_execution&toString=', 'toString'],
    ...['measure', 'window', 'from', 'to', 'group_by', 'user_id', 'stats', 'limit'].map(
      (name): [string, string] => [`type=command_execution&${name}=`, name],
    ),
    ['type=', 'type'],
    ['type=command_execution&user_id=a&user_id=b', 'user_id'],
    ['type=command_execution&to=9999-12-31T23:59:59Z', 'to'],
    ['type=command_execution&to=9999-12-31T23:59:00-01:00', 'to'],
    ['type=command_execution&to=0000-01-01T00:59:00Z', 'to'],
  ])('%s is refused with the name of the parameter', async (query, path) => {
    const { status, body } = await get(`/v1/aggregates?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_query', errors: [{ path }] });
  });
});

it('reports a missing parameter only as required', async () => {
  const { body } = await get('/v1/aggregates');
  expect(body).toMatchObject({ errors: [{ path: 'type', message: 'type is required' }] });
});

describe('raw events', () => {
  it.each(['type', 'user_id', 'session_id', 'other', '__proto__'])(
    'are not listed with an empty %s',
    async (name) => {
      const { status, body } = await get(`/v1/events?${name}=`);
      expect([status, body]).toMatchObject([400, { code: 'invalid_query', errors: [{ path: name }] }]);
    },
  );

  it('are listed newest first, each once, over all pages', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { data: { id: string }[]; next_cursor: string | null } } = await get(
        `/v1/events?limit=37${cursor ? `&cursor=${cursor}` : ''}`,
      );
      ids.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(ids).toEqual(events.map(({ id }) => id).reverse());
  });

  it.each([1, 3, 20])('are listed from all days, in pages of %i', async (limit) => {
    const { ingestKey, readKey, organizationId } = await running.createCaller();
    const now = Date.now();
    const daysAgo = [-0.9, 0, 0.1, 1.9, 2.1, 3.9, 4, 4.1, 9, 30, 31, 80];
    const own = daysAgo.map((days, i) => ({
      ...{ id: `event-${i}`, type: 'page_view', ts: new Date(now - days * 86_400_000).toISOString() },
    }));
    const headers = { 'x-api-key': ingestKey, 'content-type': 'application/json' };
    await fetch(`${running.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(own) });
    await running.untilStored(organizationId, own.length);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { data: { id: string }[]; next_cursor: string | null } } = await get(
        `/v1/events?limit=${limit}&cursor=${cursor}`,
        readKey,
      );
      expect(body.data.length).toBeLessThanOrEqual(limit);
      ids.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(ids).toEqual(own.map(({ id }) => id));
  });

  it('are filtered by user, type and time', async () => {
    const from = events[100]!.ts;
    const { body }: { body: { data: { id: string }[] } } = await get(
      `/v1/events?limit=1000&user_id=user-3&type=command_execution&from=${from}`,
    );
    const expected = events.slice(100).filter(({ user_id }) => user_id === 'user-3');
    expect(body.data.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).reverse());
  });

  it('are hidden from another organization, which cannot use a cursor of the owner', async () => {
    const { body: page }: { body: { next_cursor: string } } = await get('/v1/events?limit=1');
    expect((await get('/v1/events', outsider.readKey)).body).toEqual({ data: [], next_cursor: null });
    const { status, body } = await get(`/v1/events?limit=1&cursor=${page.next_cursor}`, outsider.readKey);
    expect([status, body]).toMatchObject([400, { errors: [{ path: 'cursor' }] }]);
  });
});

describe('the ledger', () => {
  it('accounts for every event received', async () => {
    const { body }: { body: { data: Record<string, number>[] } } = await get('/v1/ledger');
    const total = (name: string) => body.data.reduce((all, minute) => all + minute[name]!, 0);
    expect(total('received')).toBe(350);
    expect(total('stored')).toBe(300);
    expect(total('duplicate')).toBe(50);
    expect(total('dead_lettered') + total('in_flight')).toBe(0);
    expect((await get('/v1/ledger', outsider.readKey)).body).toMatchObject({ data: [] });
  });
});

describe('the API', () => {
  it('documents its calls', async () => {
    const { status, body }: { status: number; body: { openapi: string; paths: object } } =
      await get('/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/v1/events', '/v1/aggregates', '/v1/ledger', '/api/user-metrics', '/health']),
    );
    expect((await fetch(`${running.url}/docs`)).status).toBe(200);
  });

  it('reports that it is alive and ready', async () => {
    for (const path of ['/health', '/health/live', '/health/ready']) {
      expect(await get(path)).toEqual({ status: 200, body: { status: 'ok' } });
    }
  });

  it('needs a read key for events, and a login for the queue board', async () => {
    expect((await get('/v1/events', caller.ingestKey)).status).toBe(403);
    expect((await fetch(`${running.url}/queues`)).status).toBe(401);
  });
});
