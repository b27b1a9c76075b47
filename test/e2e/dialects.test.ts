import { expectProblem, HttpClient, type Post } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const user = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
let running: RunningApi;
let caller: Caller;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
});
afterAll(() => running?.stop());
beforeEach(async () => {
  caller = await running.createCaller();
  client = new HttpClient(running.url, caller.ingestKey);
});

const hourAgo = new Date(Date.now() - 3_600_000);
const stored = (count = 1) => running.untilStored(caller.organizationId, count);
const native = (fields: object) => ({ user_id: null, session_id: null, src: null, ts: hourAgo, ...fields });
const accepted = (count: number) => ({ batch_id: expect.any(String), accepted: count, rejected: [] });

/** With and without the trailing slash that some clients send. */
const bothPaths = (path: string) => [path, `${path}/`];

const command = { command_name: 'plan', execution_time_ms: 1500, status: 'success' };
const interaction = {
  agent_name: 'reviewer',
  interaction_type: 'completion',
  execution_time_ms: 2300,
  status: 'success',
  input_tokens: 1200,
  output_tokens: 350,
};
const score = { metric_type: 'productivity_score', metric_value: 80 };
const reading = { device_name: 'web-1', metric_name: 'cpu', value: 41.5, unit: '%', metadata: { rack: 4 } };
const stretch = {
  talked_time: 95,
  microphone_used: true,
  speaker_used: false,
  voice_sentiment: 'positive',
  device_type: 'mobile',
};
const at = hourAgo.toISOString();

/** A request body for each path, and the event it becomes. */
const examples: [path: string, body: object, event: object][] = [
  [
    '/api/metrics/commands',
    { ...command, id: 'e', user_id: user, executed_at: at, context: { session_id: 's', branch: 'main' } },
    native({
      type: 'command_execution',
      user_id: user,
      session_id: 's',
      payload: { ...command, context: { session_id: 's', branch: 'main' } },
    }),
  ],
  [
    '/api/metrics/agents',
    { ...interaction, id: 'e', user_id: user, executed_at: at },
    native({ type: 'agent_interaction', user_id: user, payload: interaction }),
  ],
  [
    '/api/metrics/batch',
    { timestamp: at, productivity_metrics: [{ ...score, id: 'e', user_id: user }] },
    native({ type: 'productivity_metric', user_id: user, payload: score }),
  ],
  [
    '/api/analytics/ingest',
    { id: 'e', ts: at, user_id: 'u', type: 'page_view', src: 'web', payload: { page: '/' } },
    native({ type: 'page_view', user_id: 'u', src: 'web', payload: { page: '/' } }),
  ],
  [
    '/api/v1/aggregator/metrics',
    { ...reading, id: 'e', timestamp: at },
    native({ type: 'device_metric', payload: reading }),
  ],
  [
    '/api/v1/aggregator/metrics/batch',
    { metrics: [{ ...reading, id: 'e', timestamp: at }] },
    native({ type: 'device_metric', payload: reading }),
  ],
  [
    '/api/user-metrics',
    { ...stretch, id: 'e', user_id: 17, session_id: 's', timestamp: at },
    native({ type: 'voice_metric', user_id: '17', session_id: 's', payload: stretch }),
  ],
];

describe('a dialect', () => {
  const everyPath = examples.flatMap(([path, body, event]) =>
    bothPaths(path).map((variant): [string, object, object] => [variant, body, event]),
  );
  it.each(everyPath)('POST %s stores the native event', async (path, body, event) => {
    const answer = await client.post(body, { path });
    if (path.startsWith('/api/analytics'))
      expect([answer.status, answer.body]).toEqual([200, { ingested: 1 }]);
    else expect([answer.status, answer.body]).toEqual([202, accepted(1)]);
    expect(await stored()).toEqual([{ id: 'e', ...event }]);
  });

  const refusals: [path: string, bad: object, code: string, field: string][] = [
    ['/api/metrics/commands', { ...command, user_id: 'bob' }, 'schema_violation', '/user_id'],
    ['/api/metrics/commands', { ...command, user_id: user, status: 'odd' }, 'schema_violation', '/status'],
    [
      '/api/metrics/commands',
      { ...command, user_id: user, executed_at: 'x' },
      'invalid_event',
      '/executed_at',
    ],
    [
      '/api/metrics/commands',
      { ...command, user_id: user, context: { session_id: 7 } },
      'invalid_event',
      '/context/session_id',
    ],
    [
      '/api/metrics/agents',
      { ...interaction, user_id: user, input_tokens: -1 },
      'schema_violation',
      '/input_tokens',
    ],
    [
      '/api/metrics/batch',
      { agent_interactions: [{ ...interaction, user_id: user }, 5] },
      'invalid_event',
      '/agent_interactions/1',
    ],
    [
      '/api/metrics/batch',
      { command_executions: [{ ...command, user_id: user, command_name: '' }] },
      'schema_violation',
      '/command_executions/0/command_name',
    ],
    ['/api/v1/aggregator/metrics', { ...reading, value: 'high' }, 'schema_violation', '/value'],
    [
      '/api/v1/aggregator/metrics',
      { ...reading, timestamp: '2001-01-01T00:00:00Z' },
      'ts_out_of_range',
      '/timestamp',
    ],
    [
      '/api/v1/aggregator/metrics/batch',
      { metrics: [{ ...reading, device_name: 'a\0' }] },
      'invalid_unicode',
      '/device_name',
    ],
    ['/api/user-metrics', { ...stretch, session_id: 's' }, 'schema_violation', '/user_id'],
    [
      '/api/user-metrics',
      { ...stretch, user_id: 1, session_id: 's', talked_time: 1.5 },
      'schema_violation',
      '/talked_time',
    ],
    [
      '/api/user-metrics',
      { ...stretch, user_id: 1, session_id: 's', x: { prototype: 1 } },
      'forbidden_key',
      '/x/prototype',
    ],
  ];
  it.each(refusals)('POST %s refuses %j, naming the field of the client', async (path, body, code, field) => {
    const { status, body: answer } = await client.post(body, { path });
    const rejections = status === 400 ? answer.errors : answer.rejected;
    expect([202, 400]).toContain(status);
    expect(rejections).toMatchObject([{ code, path: field }]);
  });

  it.each([
    '/api/metrics/commands',
    '/api/metrics/agents',
    '/api/user-metrics',
    '/api/v1/aggregator/metrics',
  ])('POST %s accepts the valid events of a list', async (path) => {
    const [, good] = examples.find(([known]) => known === path)!;
    const { body } = await client.post([good, 'bad', { ...good, id: 'f' }], { path });
    expect(body).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'invalid_event' }] });
    expect(await stored(2)).toMatchObject([{ id: 'e' }, { id: 'f' }]);
  });
});

describe('POST /api/metrics/batch', () => {
  it('accepts events of every kind, 1,000 in total', async () => {
    const path = '/api/metrics/batch';
    const batch = (extra: number) => ({
      timestamp: at,
      command_executions: Array(500 + extra).fill({ ...command, user_id: user }),
      agent_interactions: Array(300).fill({ ...interaction, user_id: user }),
      productivity_metrics: Array(200).fill({ ...score, user_id: user }),
    });
    expect((await client.post(batch(0), { path })).body).toEqual(accepted(1000));
    expectProblem(await client.post(batch(1), { path }), 413, 'batch_too_large');
    expectProblem(await client.post({ commands: [command] }, { path }), 400, 'invalid_body');
    expect(new Set((await stored(1000)).map(({ ts }) => ts.toISOString()))).toEqual(new Set([at]));
  });
});

describe('POST /api/analytics/ingest', () => {
  const path = '/api/analytics/ingest';
  const event = (id: string) => ({ id, type: 'page_view', ts: at, user_id: 'u', payload: {} });

  it('accepts an array and returns the count', async () => {
    expect((await client.post([event('a'), event('b')], { path })).body).toEqual({ ingested: 2 });
    expect(await stored(2)).toHaveLength(2);
  });

  it.each([0, 1, 2])('accepts none when one is invalid, at any index: %i', async (place) => {
    const events = ['a', 'b', 'c'].map((id, i) => (i === place ? { ...event(id), type: 'nope' } : event(id)));
    const answer = await client.post(events, { path });
    expectProblem(answer, 422, 'invalid_events');
    expect(answer.body.errors).toMatchObject([{ index: place, code: 'unknown_type', path: '/type' }]);
    await client.post(event('last'), { path });
    expect((await stored()).map(({ id }) => id)).toEqual(['last']);
  });

  it('accepts only the types that the organization allows', async () => {
    await running.database.query(
      `UPDATE organizations SET settings = '{"allowed_event_types": ["page_view"]}' WHERE id = $1`,
      [caller.organizationId],
    );
    const answer = await client.post([event('a'), { ...event('b'), type: 'button_click' }], { path });
    expectProblem(answer, 422, 'invalid_events');
    expect(answer.body.errors).toMatchObject([{ index: 1, code: 'type_not_allowed', path: '/type' }]);
    expect((await client.post(event('a'), { path })).body).toEqual({ ingested: 1 });
  });

  it('refuses more than 1,000 events', async () => {
    expectProblem(await client.post(Array(1001).fill(event('a')), { path }), 413, 'batch_too_large');
  });
});

describe('/api/metrics/sessions', () => {
  const start = '/api/metrics/sessions/start';
  const change = (id: string, body: unknown, options: Post = {}) =>
    client.post(body, { method: 'PUT', path: `/api/metrics/sessions/${id}`, ...options });

  it.each(bothPaths(start))('starts a session at %s', async (path) => {
    const { status, body } = await client.post({ user_id: user, session_id: 's', started_at: at }, { path });
    expect([status, body]).toEqual([201, { session_id: 's', started_at: at }]);
    expect(await stored()).toMatchObject([
      { type: 'session_start', session_id: 's', user_id: user, ts: hourAgo },
    ]);
  });

  it('starts and ends a session without a request body', async () => {
    const { status, body } = await client.send({ method: 'POST', path: start });
    expect([status, body]).toEqual([201, { session_id: expect.any(String), started_at: expect.any(String) }]);
    expect(
      (await client.send({ method: 'PUT', path: `/api/metrics/sessions/${body.session_id}/` })).status,
    ).toBe(202);
    const events = await stored(2);
    expect(events.map(({ type }) => type).sort()).toEqual(['session_end', 'session_start']);
    expect(new Set(events.map(({ session_id }) => session_id))).toEqual(new Set([body.session_id]));
  });

  it('starts a session in a leap second', async () => {
    const day = at.slice(0, 10);
    const { status, body } = await client.post({ started_at: `${day}T00:59:60Z` }, { path: start });
    expect([status, body]).toMatchObject([201, { started_at: `${day}T00:59:59.999Z` }]);
  });

  it('updates a session, and ends it', async () => {
    expect((await change('s', { device_type: 'tablet', timestamp: at })).status).toBe(202);
    expect((await change('s', { ended_at: new Date().toISOString(), reason: 'logout' })).status).toBe(202);
    const events = await stored(2);
    expect(events.map(({ type }) => type).sort()).toEqual(['session_end', 'session_update']);
  });

  it.each([
    ['%00', 'invalid_unicode'],
    ['%ED%A0%80', 'malformed_request'],
    ['a'.repeat(257), 'invalid_event'],
  ])('refuses the session id %s', async (id, code) => {
    const { status, body } = await change(id, {});
    expect(status).toBe(400);
    expect(body.errors?.[0]?.code ?? body.code).toBe(code);
  });

  it.each(['é😀', 'a/b', 'x y', '..%2f', 'ä'.repeat(256)])('accepts the session id %s', async (id) => {
    expect((await change(encodeURIComponent(id), {})).status).toBe(202);
    expect(await stored()).toMatchObject([{ session_id: id }]);
  });

  it('refuses an invalid session start', async () => {
    const answer = await client.post({ started_at: 'soon' }, { path: start });
    expectProblem(answer, 400, 'invalid_events');
    expect(answer.body.errors).toMatchObject([{ path: '/started_at' }]);
    expectProblem(await client.post('[]', { path: start }), 400, 'invalid_events');
    expectProblem(await client.post('{', { path: start }), 400, 'malformed_json');
    const long = { note: 'x'.repeat(300_000) };
    expectProblem(await client.post(long, { path: start }), 400, 'invalid_events');
    expectProblem(await change('s', long), 400, 'invalid_events');
  });
});
