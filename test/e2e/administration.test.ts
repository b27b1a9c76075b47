import { administratorOf, type Body, bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { type Answer, bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const UUID = /^[0-9a-f-]{36}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const KEY = /^mr_[0-9a-z]{16}_[\w-]{43}$/;

let running: RunningApi;
let client: HttpClient;
let other: Caller;
let call: ReturnType<typeof administratorOf>;

beforeAll(async () => {
  running = await startApi({ workers: 0, settings: { ADMIN_TOKEN } });
  client = new HttpClient(running.url, running.caller.adminKey);
  call = administratorOf(client, running.caller.adminKey);
  other = await running.createCaller();
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

const asOperator = (method: string, path: string, body?: unknown) =>
  client.send(
    { method, path, key: null, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
    body === undefined ? undefined : bytesOf(body),
  );

describe('an administrative call', () => {
  it('names the missing permission when it refuses a caller', async () => {
    const detail = async (answer: Promise<Answer>) => (await answer).body.detail;
    const needs = 'This call needs the permission to';
    const { readKey } = running.caller;
    expect(await detail(call('GET', '/v1/audit-log', undefined, readKey))).toBe(`${needs} administer`);
    const organization = call('GET', '/v1/organizations/x', undefined, readKey);
    expect(await detail(organization)).toBe(`${needs} administer or operate`);
    const token = asOperator('POST', '/v1/auth/token', {});
    expect(await detail(token)).toBe(`${needs} read, ingest, or administer`);
  });

  const calls: [string, string, unknown?][] = [
    ['GET', '/v1/organizations/00000000-0000-0000-0000-000000000000'],
    ['PATCH', '/v1/organizations/00000000-0000-0000-0000-000000000000', {}],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['read'] }],
    ['GET', '/v1/api-keys'],
    ['DELETE', '/v1/api-keys/0000000000000000'],
    ['GET', '/v1/audit-log'],
  ];

  it('answers 403 to read and ingest keys, and 401 without a key', async () => {
    for (const [method, path, body] of [...calls, ['POST', '/v1/organizations', { name: 'x' }] as const]) {
      expectProblem(await call(method, path, body, running.caller.readKey), 403, 'forbidden');
      expectProblem(await call(method, path, body, running.caller.ingestKey), 403, 'forbidden');
      const anonymous = await client.send({ method, path, key: null }, body ? bytesOf(body) : undefined);
      expectProblem(anonymous, 401, 'unauthorized');
    }
  });

  it('creates organizations for the operator only, who has no access inside them', async () => {
    expectProblem(await call('POST', '/v1/organizations', { name: 'x' }), 403, 'forbidden');
    for (const [method, path, body] of calls.slice(2)) {
      expectProblem(await asOperator(method, path, body), 403, 'forbidden');
    }
  });
});

it('documents administrative calls in OpenAPI, down to the settings', async () => {
  const document = bodyOf(await client.send({ path: '/openapi.json', key: null })) as {
    paths: Record<string, Record<string, Body>>;
    components: { schemas: Record<string, { properties: Body }> };
  };
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-permission': access }]) => [method, path, access]),
  );
  const administer = ['administer'];
  expect(described).toEqual(
    expect.arrayContaining([
      ['post', '/v1/organizations', ['operate']],
      ['patch', '/v1/organizations/{id}', ['administer', 'operate']],
      ['post', '/v1/api-keys', administer],
      ['get', '/v1/api-keys', administer],
      ['delete', '/v1/api-keys/{public_id}', administer],
      ['get', '/v1/audit-log', administer],
      ['post', '/v1/users', ['ingest', 'administer']],
    ]),
  );
  const { RateLimitsBody, SettingsBody } = document.components.schemas;
  expect(Object.keys(RateLimitsBody!.properties)).toEqual(['single', 'batch', 'read']);
  expect(Object.keys(SettingsBody!.properties)).toHaveLength(7);
});

describe('organizations', () => {
  it('are created with a first key that has every permission in them and none elsewhere', async () => {
    const settings = { rate_limits: { single: 0 }, allowed_event_types: ['page_view'] };
    const answer = await asOperator('POST', '/v1/organizations', { name: 'New', settings });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(UUID),
        name: 'New',
        settings,
        created_at: expect.stringMatching(INSTANT),
        warnings: [],
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

  it('cannot read or change each other', async () => {
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

  it('change only the settings in a patch; null removes one', async () => {
    const path = `/v1/organizations/${other.organizationId}`;
    const limits = { rate_limits: { single: 10, read: 5 } };
    await asOperator('PATCH', path, { settings: limits });
    const days = { time_zone: 'Asia/Kathmandu', first_weekday: 7 };
    const own = { allowed_event_types: ['page_view'], anonymize_user_ids: true, ...days };
    const changed = await call('PATCH', path, { name: 'Renamed', settings: own }, other.adminKey);
    expect([changed.status, changed.body]).toEqual([
      200,
      expect.objectContaining({ name: 'Renamed', settings: { ...limits, ...own } }),
    ]);
    const back = { allowed_event_types: null, rate_limits: { single: null } };
    const after = await asOperator('PATCH', path, { settings: back });
    expect(after.body).toMatchObject({ name: 'Renamed' });
    expect(bodyOf(after).settings).toEqual({
      anonymize_user_ids: true,
      rate_limits: { read: 5 },
      ...days,
    });
    const [entry] = dataOf(await call('GET', '/v1/audit-log?limit=1', undefined, other.adminKey));
    expect(entry).toMatchObject({
      actor: 'operator',
      action: 'organization.change',
      details: { settings: back },
    });
  });

  it('cannot raise their own limits', async () => {
    const path = `/v1/organizations/${running.caller.organizationId}`;
    const settings = { rate_limits: { single: 0 }, max_series_per_type: 9, anonymize_user_ids: true };
    const answer = await call('PATCH', path, { settings });
    expectProblem(answer, 403, 'forbidden');
    expect(faultyFields(answer)).toEqual(['settings.max_series_per_type', 'settings.rate_limits']);
    expect(bodyOf(await call('GET', path)).settings).toEqual({});
  });

  it('keep their events for less than the installation, never for longer', async () => {
    const { id, api_key: key } = bodyOf(await asOperator('POST', '/v1/organizations', { name: 'Brief' }));
    const keep = (days: unknown) =>
      call('PATCH', `/v1/organizations/${id}`, { settings: { event_retention_days: days } }, key as string);
    const postAged = (days: number) => {
      const ts = new Date(Date.now() - days * 86_400_000).toISOString();
      return call('POST', '/v1/events', { type: 'page_view', ts, payload: { page: '/' } }, key as string);
    };
    expect((await postAged(31)).status).toBe(202);
    for (const days of [91, 0, 1.5, '7', 1e9]) {
      const answer = await keep(days);
      expectProblem(answer, 400, 'invalid_body');
      expect(faultyFields(answer)).toEqual(['settings.event_retention_days']);
    }
    expect(bodyOf(await keep(30)).settings).toMatchObject({ event_retention_days: 30 });
    const refused = await postAged(31);
    expectProblem(refused, 400, 'invalid_events');
    expect(bodyOf(refused).errors).toEqual([
      expect.objectContaining({ code: 'ts_out_of_range', path: '/ts' }),
    ]);
    expect((await postAged(29)).status).toBe(202);
    expect(bodyOf(await keep(null)).settings).not.toHaveProperty('event_retention_days');
    expect((await postAged(31)).status).toBe(202);
  });

  it.each<[string, unknown, string[]]>([
    ['an empty body', {}, ['name']],
    ['an invalid name', { name: 'a\0', settings: null }, ['name', 'settings']],
    ['unknown fields', { name: 'x', api_key: 'x', __proto: 1 }, ['__proto', 'api_key']],
    ['an array instead of an object', { name: 'x', settings: [] }, ['settings']],
    [
      'settings of the wrong type',
      {
        name: ' ',
        settings: {
          allowed_event_types: ['', 1],
          rate_limits: { single: -1, batch: 1.5, read: '1', other: 1 },
          anonymize_user_ids: 'yes',
          max_series_per_type: 0,
          event_retention_days: 91,
          colour: 'red',
          time_zone: 'Mars/Phobos',
          first_weekday: 0,
        },
      },
      [
        'settings.allowed_event_types',
        'settings.anonymize_user_ids',
        'settings.colour',
        'settings.event_retention_days',
        'settings.first_weekday',
        'settings.max_series_per_type',
        'settings.rate_limits.batch',
        'settings.rate_limits.other',
        'settings.rate_limits.read',
        'settings.rate_limits.single',
        'settings.time_zone',
      ],
    ],
  ])('are not created from %s', async (_what, body, expected) => {
    const answer = await asOperator('POST', '/v1/organizations', body);
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual(expected);
  });

  it.each(['__proto__', 'constructor', 'toString'])('reject %s as the name of a setting', async (name) => {
    const path = `/v1/organizations/${running.caller.organizationId}`;
    const answer = await call('PATCH', path, `{"settings":{"${name}":{"rate_limits":{"single":0}}}}`);
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual([`settings.${name}`]);
    expect(bodyOf(await call('GET', path)).settings).toEqual({});
  });
});
