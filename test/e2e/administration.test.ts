import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { type Answer, bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const UUID = /^[0-9a-f-]{36}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const KEY = /^mr_[0-9a-z]{16}_[\w-]{43}$/;

let running: RunningApi;
let client: HttpClient;
let other: Caller;

beforeAll(async () => {
  running = await startApi({ workers: 0, settings: { ADMIN_TOKEN } });
  client = new HttpClient(running.url, running.caller.adminKey);
  other = await running.createCaller();
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

type Body = Record<string, unknown>;
const bodyOf = (answer: Answer) => answer.body as unknown as Body;
const dataOf = (answer: Answer) => (answer.body as unknown as { data: Body[] }).data;
const paths = (answer: Answer) => answer.body.errors?.map(({ path }) => path).sort();

const call = (method: string, path: string, body?: unknown, key = running.caller.adminKey) =>
  client.send({ method, path, key }, body === undefined ? undefined : bytesOf(body));
const asOperator = (method: string, path: string, body?: unknown) =>
  client.send(
    { method, path, key: null, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
    body === undefined ? undefined : bytesOf(body),
  );

describe('an administrative call', () => {
  const calls: [string, string, unknown?][] = [
    ['GET', '/v1/organizations/00000000-0000-0000-0000-000000000000'],
    ['PATCH', '/v1/organizations/00000000-0000-0000-0000-000000000000', {}],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['read'] }],
    ['GET', '/v1/api-keys'],
    ['DELETE', '/v1/api-keys/0000000000000000'],
    ['GET', '/v1/audit-log'],
  ];

  it('is not for those who read, send, or are nobody', async () => {
    for (const [method, path, body] of [...calls, ['POST', '/v1/organizations', { name: 'x' }] as const]) {
      expectProblem(await call(method, path, body, running.caller.readKey), 403, 'forbidden');
      expectProblem(await call(method, path, body, running.caller.ingestKey), 403, 'forbidden');
      const nobody = await client.send({ method, path, key: null }, body ? bytesOf(body) : undefined);
      expectProblem(nobody, 401, 'unauthorized');
    }
  });

  it('to create an organization is for the operator, who may do nothing within one', async () => {
    expectProblem(await call('POST', '/v1/organizations', { name: 'x' }), 403, 'forbidden');
    for (const [method, path, body] of calls.slice(2)) {
      expectProblem(await asOperator(method, path, body), 403, 'forbidden');
    }
  });
});

describe('organizations', () => {
  it('are created with a first key, which may do everything in them and nothing elsewhere', async () => {
    const settings = { rate_limits: { single: 0 }, allowed_event_types: ['page_view'] };
    const answer = await asOperator('POST', '/v1/organizations', { name: 'New', settings });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(UUID),
        name: 'New',
        settings,
        created_at: expect.stringMatching(INSTANT),
        api_key: expect.stringMatching(KEY),
      },
    ]);
    const { api_key, ...organization } = bodyOf(answer) as { api_key: string; id: string };
    const path = `/v1/organizations/${organization.id}`;
    expect((await call('GET', path, undefined, api_key)).body).toEqual(organization);
    expect((await client.post('{"type":"page_view"}', { key: api_key })).status).toBe(202);
    expect((await call('GET', '/v1/events', undefined, api_key)).status).toBe(200);
    const log = dataOf(await call('GET', '/v1/audit-log', undefined, api_key));
    expect(log.map(({ actor, action }) => [actor, action])).toEqual([
      ['operator', 'api_key.create'],
      ['operator', 'organization.create'],
    ]);
  });

  it('do not know of each other', async () => {
    const path = `/v1/organizations/${running.caller.organizationId}`;
    expect((await call('GET', path)).status).toBe(200);
    const shouted = `/v1/organizations/${running.caller.organizationId.toUpperCase()}`;
    expect((await asOperator('GET', shouted)).status).toBe(200);
    expectProblem(await call('GET', path, undefined, other.adminKey), 404, 'not_found');
    expectProblem(await call('PATCH', path, { name: 'taken' }, other.adminKey), 404, 'not_found');
    expect(bodyOf(await call('GET', path)).name).toBe('Test');
    for (const id of ['00000000-0000-0000-0000-000000000000', '1', '%00', `'; --`]) {
      expectProblem(await asOperator('GET', `/v1/organizations/${encodeURIComponent(id)}`), 404, 'not_found');
      expectProblem(await asOperator('PATCH', `/v1/organizations/${id}`, { name: 'x' }), 404, 'not_found');
    }
  });

  it('change what is named; null takes it back', async () => {
    const path = `/v1/organizations/${other.organizationId}`;
    const limits = { rate_limits: { single: 10, read: 5 }, max_series_per_type: 100 };
    await asOperator('PATCH', path, { settings: limits });
    const own = { allowed_event_types: ['page_view'], anonymize_user_ids: true };
    const changed = await call('PATCH', path, { name: 'Renamed', settings: own }, other.adminKey);
    expect([changed.status, changed.body]).toEqual([
      200,
      expect.objectContaining({ name: 'Renamed', settings: { ...limits, ...own } }),
    ]);
    const back = { allowed_event_types: null, rate_limits: { single: null }, max_series_per_type: null };
    const after = await asOperator('PATCH', path, { settings: back });
    expect(after.body).toMatchObject({ name: 'Renamed' });
    expect(bodyOf(after).settings).toEqual({ anonymize_user_ids: true, rate_limits: { read: 5 } });
    const [entry] = dataOf(await call('GET', '/v1/audit-log?limit=1', undefined, other.adminKey));
    expect(entry).toMatchObject({
      actor: 'operator',
      action: 'organization.change',
      details: { settings: back },
    });
  });

  it('cannot raise their own limits', async () => {
    const path = `/v1/organizations/${running.caller.organizationId}`;
    const settings = { rate_limits: { single: 0 }, max_series_per_type: null, anonymize_user_ids: true };
    const answer = await call('PATCH', path, { settings });
    expectProblem(answer, 403, 'forbidden');
    expect(paths(answer)).toEqual(['settings.max_series_per_type', 'settings.rate_limits']);
    expect(bodyOf(await call('GET', path)).settings).toEqual({});
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', {}, ['name']],
    ['a name that is none', { name: 'a\0', settings: null }, ['name', 'settings']],
    ['what it does not know', { name: 'x', api_key: 'x', __proto: 1 }, ['__proto', 'api_key']],
    ['lists for objects', { name: 'x', settings: [] }, ['settings']],
    [
      'settings of other types',
      {
        name: ' ',
        settings: {
          allowed_event_types: ['', 1],
          rate_limits: { single: -1, batch: 1.5, read: '1', other: 1 },
          anonymize_user_ids: 'yes',
          max_series_per_type: 0,
          colour: 'red',
        },
      },
      [
        'settings.allowed_event_types',
        'settings.anonymize_user_ids',
        'settings.colour',
        'settings.max_series_per_type',
        'settings.rate_limits.batch',
        'settings.rate_limits.other',
        'settings.rate_limits.read',
        'settings.rate_limits.single',
      ],
    ],
  ])('are not made of %s', async (_what, body, expected) => {
    const answer = await asOperator('POST', '/v1/organizations', body);
    expectProblem(answer, 400, 'invalid_body');
    expect([...new Set(paths(answer))]).toEqual(expected);
  });

  it('take no prototype for a setting', async () => {
    const path = `/v1/organizations/${running.caller.organizationId}`;
    const answer = await call('PATCH', path, '{"settings":{"__proto__":{"rate_limits":{"single":0}}}}');
    expect(answer.status).toBeLessThan(500);
    expect(bodyOf(await call('GET', path)).settings).toEqual({});
  });
});

describe('API keys', () => {
  const create = (body: object, key?: string) => call('POST', '/v1/api-keys', body, key);

  it('are shown once, and listed without their secret', async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const answer = await create({ name: 'shown', scopes: ['read', 'ingest'], expires_at });
    expect(answer.status).toBe(201);
    const { api_key, ...shown } = bodyOf(answer) as { api_key: string };
    expect(api_key).toMatch(KEY);
    expect(shown).toEqual({
      public_id: api_key.split('_')[1],
      name: 'shown',
      scopes: ['read', 'ingest'],
      created_at: expect.stringMatching(INSTANT),
      expires_at,
      revoked_at: null,
      last_used_at: null,
    });
    const list = await call('GET', '/v1/api-keys');
    expect(dataOf(list)[0]).toEqual(shown);
    expect(dataOf(list)).toHaveLength(4);
    const secret = api_key.slice(20);
    expect(list.text).not.toContain(secret);
    expect((await call('GET', '/v1/audit-log')).text).not.toContain(secret);
    expect(dataOf(await call('GET', '/v1/api-keys', undefined, other.adminKey))).toHaveLength(3);
  });

  it('are listed page by page, each once', async () => {
    const all = dataOf(await call('GET', '/v1/api-keys'));
    const seen: unknown[] = [];
    let cursor: unknown = '';
    do {
      const page = await call('GET', `/v1/api-keys?limit=1&cursor=${cursor}`);
      seen.push(...dataOf(page));
      cursor = bodyOf(page).next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(all);
    expectProblem(await call('GET', '/v1/api-keys?cursor=WzEsMl0'), 400, 'invalid_query');
    expectProblem(await call('GET', '/v1/api-keys?limit=0&other=1'), 400, 'invalid_query');
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['name', 'scopes']],
    ['no scopes', { name: 'x', scopes: [] }, ['scopes']],
    ['a scope there is not', { name: 'x', scopes: ['read', 'operate'] }, ['scopes']],
    ['a past end', { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, ['expires_at']],
    ['no instant', { name: 'x', scopes: ['read'], expires_at: 'tomorrow', id: 1 }, ['expires_at', 'id']],
  ])('are not made of %s', async (_what, body, expected) => {
    const answer = await create(body);
    expectProblem(answer, 400, 'invalid_body');
    expect([...new Set(paths(answer))]).toEqual(expected);
  });

  it('end when it was said they would', async () => {
    const expires_at = new Date(Date.now() + 1_500).toISOString();
    const { api_key } = bodyOf(await create({ name: 'short', scopes: ['read'], expires_at }));
    const status = async () => (await call('GET', '/v1/events', undefined, api_key as string)).status;
    expect(await status()).toBe(200);
    await eventually('it has expired', async () => (await status()) === 401, 8_000);
  });

  it('are revoked everywhere within five seconds, by their own organization only', async () => {
    const replica = await BuiltProcess.service('api', { DATABASE_URL: running.databaseUrl });
    try {
      const { api_key, public_id } = bodyOf(await create({ name: 'revoked', scopes: ['read'] }));
      const key = api_key as string;
      const elsewhere = new HttpClient(replica.url, key);
      const statuses = async () => [
        (await call('GET', '/v1/events', undefined, key)).status,
        (await elsewhere.send({ path: '/v1/events' })).status,
      ];
      expect(await statuses()).toEqual([200, 200]);
      const path = `/v1/api-keys/${public_id}`;
      expectProblem(await call('DELETE', path, undefined, other.adminKey), 404, 'not_found');
      expect(await statuses()).toEqual([200, 200]);
      const revoked = await call('DELETE', path);
      expect([revoked.status, revoked.text]).toEqual([204, '']);
      const refused = async () => (await statuses()).every((status) => status === 401);
      await eventually('both refuse it', refused, 5_000);
      expect((await call('DELETE', path)).status).toBe(204);
      const log = dataOf(await call('GET', `/v1/audit-log?action=api_key.revoke`));
      expect(log.map(({ details }) => details)).toEqual([{ public_id }]);
      const [row] = dataOf(await call('GET', '/v1/api-keys')).filter((one) => one.public_id === public_id);
      expect(row?.revoked_at).toMatch(INSTANT);
    } finally {
      await replica.stop();
    }
    for (const id of ['0'.repeat(16), 'x', '%00']) {
      expectProblem(await call('DELETE', `/v1/api-keys/${id}`), 404, 'not_found');
    }
  });

  it('tell when they were last used, once the process has written it down', async () => {
    const replica = await BuiltProcess.service('api', { DATABASE_URL: running.databaseUrl });
    const { api_key, public_id } = bodyOf(await create({ name: 'used', scopes: ['read'] }));
    const before = Date.now();
    const elsewhere = new HttpClient(replica.url, api_key as string);
    expect((await elsewhere.send({ path: '/v1/events' })).status).toBe(200);
    expect((await elsewhere.send({ path: '/v1/audit-log' })).status).toBe(403);
    const after = Date.now();
    await replica.stop();
    const [row] = dataOf(await call('GET', '/v1/api-keys')).filter((one) => one.public_id === public_id);
    expect(Date.parse(row!.last_used_at as string)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(row!.last_used_at as string)).toBeLessThanOrEqual(after);
  });
});

describe('the audit log', () => {
  const log = async (query: string) => dataOf(await call('GET', `/v1/audit-log?${query}`));

  it('says who did what, from where and when, newest first', async () => {
    const { public_id } = bodyOf(await call('POST', '/v1/api-keys', { name: 'audited', scopes: ['read'] }));
    const [entry] = await log('limit=1');
    expect(entry).toEqual({
      id: expect.stringMatching(/^\d+$/),
      at: expect.stringMatching(INSTANT),
      actor: `key:${running.caller.adminKey.split('_')[1]}`,
      action: 'api_key.create',
      origin: '127.0.0.1',
      details: { public_id, name: 'audited', scopes: ['read'], expires_at: null },
    });
  });

  it('is filtered and paged', async () => {
    const all = await log('');
    expect(await log('actor=test&action=organization.create')).toHaveLength(1);
    expect(await log('actor=nobody')).toEqual([]);
    const middle = all[2]!.at as string;
    const [since, until] = [await log(`from=${middle}`), await log(`to=${middle}`)];
    expect([...since, ...until]).toEqual(all);
    expect(since.length).toBeGreaterThanOrEqual(3);
    const first = await call('GET', '/v1/audit-log?limit=2');
    const rest = await log(`cursor=${bodyOf(first).next_cursor}`);
    expect([...dataOf(first), ...rest]).toEqual(all);
    expectProblem(await call('GET', '/v1/audit-log?from=now&action=%00'), 400, 'invalid_query');
    expectProblem(await call('GET', `/v1/audit-log?from=${middle}&to=${middle}`), 400, 'invalid_query');
  });
});
