import { administratorOf, bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const KEY = /^mr_[0-9a-z]{16}_[\w-]{43}$/;

let running: RunningApi;
let other: Caller;
let call: ReturnType<typeof administratorOf>;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  call = administratorOf(new HttpClient(running.url, running.caller.adminKey), running.caller.adminKey);
  other = await running.createCaller();
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

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
    ['an empty body', {}, ['name', 'scopes']],
    ['no scopes', { name: 'x', scopes: [] }, ['scopes']],
    ['an unknown scope', { name: 'x', scopes: ['read', 'operate'] }, ['scopes']],
    ['a past expiry', { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, ['expires_at']],
    ['a bad expiry', { name: 'x', scopes: ['read'], expires_at: 'tomorrow', id: 1 }, ['expires_at', 'id']],
  ])('are not created from %s', async (_what, body, expected) => {
    const answer = await create(body);
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual(expected);
  });

  it('expire at expires_at', async () => {
    const expires_at = new Date(Date.now() + 1_500).toISOString();
    const { api_key } = bodyOf(await create({ name: 'short', scopes: ['read'], expires_at }));
    const status = async () => (await call('GET', '/v1/events', undefined, api_key as string)).status;
    expect(await status()).toBe(200);
    await eventually('it has expired', async () => (await status()) === 401, 8_000);
  });

  it('are revoked on every replica within five seconds, by their own organization only', async () => {
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

  it('have a last_used_at once the process has written it to the database', async () => {
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
