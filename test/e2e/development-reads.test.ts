import { type RunningApi, startApi } from '../support/running-api.js';

const MINUTE_MS = 60_000;

let running: RunningApi;
/** Ten minutes ago, so that all events are in each range. */
const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;
const USERS = ['ada', 'grace', 'mary'];

const commands = Array.from({ length: 60 }, (_, n) => ({
  id: `command-${n}`,
  ts: new Date(start + n * 1000).toISOString(),
  type: 'command_execution',
  user_id: USERS[n % 3],
  payload: {
    command_name: n % 4 === 0 ? 'build' : 'test',
    execution_time_ms: 100 + n,
    status: ['success', 'error', 'timeout', 'cancelled'][n % 4],
  },
}));
const agents = Array.from({ length: 40 }, (_, n) => ({
  id: `agent-${n}`,
  ts: new Date(start + n * 1000).toISOString(),
  type: 'agent_interaction',
  user_id: USERS[n % 2],
  payload: {
    ...{ agent_name: 'reviewer', interaction_type: 'chat', execution_time_ms: 1000, status: 'success' },
    ...{ input_tokens: 10, output_tokens: 3 },
  },
}));
const scores = [70, 80, 90].map((metric_value, n) => ({
  ...{ id: `score-${n}`, ts: new Date(start).toISOString(), type: 'productivity_metric', user_id: 'mary' },
  payload: { metric_type: 'productivity_score', metric_value },
}));

async function send(path: string, body?: unknown, key = running.caller.readKey) {
  const response = await fetch(`${running.url}${path}`, {
    headers: { 'x-api-key': key, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as never };
}

beforeAll(async () => {
  running = await startApi();
  const events = [...commands, ...agents, ...scores];
  const posted = await send('/v1/events', events, running.caller.ingestKey);
  expect(posted.status).toBe(202);
  await running.untilStored(running.caller.organizationId, events.length);
  await running.database.query(
    `INSERT INTO users (organization_id, external_id, team) VALUES ($1, 'ada', 'engines'), ($1, 'grace', 'engines')`,
    [running.caller.organizationId],
  );
});
afterAll(() => running?.stop());

interface Point {
  readonly commands: number;
  readonly agents: number;
}

describe('the dashboard', () => {
  it.each([
    ['1h', 60],
    ['6h', 72],
    ['1d', 96],
    ['7d', 168],
    ['30d', 30],
  ])('of %s has totals, latency, the most used and %i buckets', async (range, buckets) => {
    const { status, body } = await send(`/api/metrics/dashboard?time_range=${range}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      time_range: range,
      totals: {
        ...{ commands: 60, agents: 40, errors: 30, error_rate: 0.3, active_users: 3 },
        ...{ input_tokens: 400, output_tokens: 120 },
      },
      top_commands: [
        { command_name: 'test', count: 45, errors: 30 },
        { command_name: 'build', count: 15, errors: 0, avg_execution_time_ms: 128 },
      ],
      top_agents: [{ agent_name: 'reviewer', count: 40, errors: 0, avg_execution_time_ms: 1000 }],
    });
    const { series, latency } = body as { series: Point[]; latency: { p50: number; p95: number } };
    expect(series).toHaveLength(buckets);
    expect(series.reduce((sum, point) => sum + point.commands + point.agents, 0)).toBe(100);
    expect(Math.abs(latency.p50 / 149 - 1)).toBeLessThan(0.01);
    expect(Math.abs(latency.p95 / 1000 - 1)).toBeLessThan(0.01);
  });

  it('of a team has only its members', async () => {
    const { body } = await send('/api/metrics/dashboard?time_range=1h&team_id=engines');
    expect(body).toMatchObject({ totals: { commands: 40, agents: 40, active_users: 2 } });
    const { body: none } = await send('/api/metrics/dashboard?time_range=1h&team_id=nobody');
    expect(none).toMatchObject({ totals: { commands: 0, error_rate: null, active_users: 0 } });
  });

  it('names every faulty parameter', async () => {
    const { status, body } = await send('/api/metrics/dashboard?time_range=2h&team_id=');
    expect([status, body]).toMatchObject([400, { errors: [{ path: 'time_range' }, { path: 'team_id' }] }]);
  });
});

it('the current day has everything, and the current minute what just happened', async () => {
  const { body } = await send('/api/metrics/real-time/1d');
  const yesterday = new Date(start).getUTCDate() !== new Date().getUTCDate();
  expect(body).toMatchObject({ window: '1d', commands: yesterday ? expect.any(Number) : 60 });
  expect((await send('/api/metrics/real-time/1m')).body).toMatchObject({ commands: 0, error_rate: null });
  const { status, body: refused } = await send('/api/metrics/real-time/2d');
  expect([status, refused]).toMatchObject([400, { errors: [{ path: 'window' }] }]);
});

it('aggregated figures are paged by bucket, of everyone or of one user', async () => {
  const from = new Date(start).toISOString();
  const path = `/api/metrics/aggregated?aggregation_window=1m&start_date=${from}&limit=4`;
  const points: Point[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { data: Point[]; next_cursor: string | null } } = await send(
      `${path}${cursor && `&cursor=${cursor}`}`,
    );
    points.push(...body.data);
    cursor = body.next_cursor;
  }
  expect(points.length).toBeGreaterThanOrEqual(11);
  expect(points[0]).toMatchObject({ commands: 60, agents: 40, errors: 30 });
  expect(points.slice(1).every((point) => point.commands === 0)).toBe(true);
  const { body } = await send(`${path}&user_id=mary`);
  expect(body).toMatchObject({ data: [{ commands: 20, agents: 0 }, {}, {}, {}] });
});

describe('the metric query', () => {
  it('answers productivity, error rate and measures', async () => {
    const { status, body } = await send('/api/metrics/query', {
      metric_types: ['productivity_score', 'error_rate', 'execution_time_ms', 'output_tokens'],
      aggregation_window: '1m',
    });
    expect([status, body]).toMatchObject([
      200,
      {
        data: [
          { metric_type: 'productivity_score', points: [{ count: 3, value: 80, min: 70, max: 90 }] },
          { metric_type: 'error_rate', points: [{ count: 100, value: 0.3 }] },
          { metric_type: 'execution_time_ms', points: [{ count: 100, min: 100, max: 1000 }] },
          { metric_type: 'output_tokens', points: [{ count: 40, value: 3 }] },
        ],
      },
    ]);
  });

  it('answers for one user', async () => {
    const { body } = await send('/api/metrics/query', {
      ...{ metric_types: ['execution_time_ms'], user_id: 'mary', start_date: new Date(start).toISOString() },
    });
    expect(body).toMatchObject({ data: [{ points: [{ count: 20, max: 159 }] }] });
  });

  it('names every fault', async () => {
    const unknown = await send('/api/metrics/query', { metric_types: ['mood'] });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: 'metric_types' }] } });
    const long = { metric_types: ['error_rate'], start_date: '2020-01-01', aggregation_window: '1m' };
    expect(await send('/api/metrics/query', long)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'start_date', message: expect.stringContaining('longer window') }] },
    });
  });
});

describe('several queries', () => {
  const query = { type: 'command_execution', window: '1d' };

  it('are answered in order, each by name', async () => {
    const { status, body } = await send('/v1/query', {
      queries: [
        { name: 'by status', ...query, group_by: ['status'], order_by: '-count', limit: 1, rest: true },
        { name: 'one user', ...query, user_id: 'mary', measure: 'execution_time_ms', stats: ['max'] },
        { name: 'errors', ...query, where: { status: 'error' } },
      ],
    });
    expect([status, body]).toMatchObject([
      200,
      {
        results: [
          {
            name: 'by status',
            source: 'rollups',
            series: [{ total: { count: 15 } }, { total: { count: 45 } }],
          },
          { name: 'one user', source: 'raw', series: [{ total: { max: 159 } }] },
          { name: 'errors', series: [{ total: { count: 15 } }] },
        ],
      },
    ]);
  });

  it('name the faults of all queries', async () => {
    const queries = [
      { name: 'a', ...query, measure: 'mood', window: '7m' },
      { ...query },
      { name: 'c', type: 'x' },
    ];
    const { status, body } = await send('/v1/query', { queries });
    const paths = (body as { errors: { path: string }[] }).errors.map(({ path }) => path).sort();
    expect([status, paths]).toEqual([
      400,
      ['queries/0/measure', 'queries/0/window', 'queries/1/name', 'queries/2/type'],
    ]);
    for (const body of [{}, { queries: [] }, { queries: Array(21).fill(queries[0]) }, { queries, more: 1 }]) {
      expect((await send('/v1/query', body)).status).toBe(400);
    }
  });
});
