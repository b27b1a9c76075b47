import { type Answer, bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;
let client: HttpClient;
let other: Caller;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.ingestKey);
  other = await running.createCaller();
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

type Body = Record<string, unknown>;
const bodyOf = (answer: Answer) => answer.body as unknown as Body;
const put = (body: unknown, key?: string) => client.post(body, { path: '/v1/users', ...(key && { key }) });
const get = (path: string, key = running.caller.readKey) => client.send({ path: `/v1/users${path}`, key });

describe('users', () => {
  it('are created with an ingest key, and updated field by field', async () => {
    const ada = { external_id: 'ada', name: 'Ada', email: 'ada@example.org', team: 'engines' };
    const created = await put(ada);
    const created_at = bodyOf(created).created_at;
    expect([created.status, created.body]).toEqual([201, { ...ada, created_at }]);
    expect(created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const changed = await put({ external_id: 'ada', team: null, name: 'Lovelace' }, running.caller.adminKey);
    const expected = { ...ada, name: 'Lovelace', team: null, created_at };
    expect([changed.status, changed.body]).toEqual([200, expected]);
    expect((await get('/ada')).body).toEqual(expected);
  });

  it('are in the audit log by changed fields, not by name', async () => {
    await put({ external_id: 'hedy', name: 'Hedy' });
    await put({ external_id: 'hedy', email: 'hedy@example.org', team: null });
    const log = await client.send({ path: '/v1/audit-log?limit=2', key: running.caller.adminKey });
    const { data } = bodyOf(log) as {
      data: { action: string; details: { user: string; fields: string[] } }[];
    };
    expect(data.map(({ action, details }) => [action, details.fields])).toEqual([
      ['user.change', ['email', 'team']],
      ['user.create', ['name']],
    ]);
    expect(data[0]!.details.user).toBe(data[1]!.details.user);
    expect(log.text).not.toMatch(/hedy/i);
    await client.send({ method: 'DELETE', path: '/v1/users/hedy', key: running.caller.adminKey });
  });

  it('are stored under pseudonyms in an organization that anonymizes', async () => {
    const patch = { path: `/v1/organizations/${other.organizationId}`, method: 'PATCH', key: other.adminKey };
    expect((await client.send(patch, bytesOf({ settings: { anonymize_user_ids: true } }))).status).toBe(200);
    const created = bodyOf(await put({ external_id: 'lise', name: 'Lise' }, other.ingestKey));
    expect(created.external_id).toMatch(/^anon_[0-9a-f]{32}$/);
    expect((await get('/lise', other.readKey)).body).toEqual(created);
    expect((await put({ external_id: 'lise', name: 'Meitner' }, other.ingestKey)).status).toBe(200);
    const back = await client.send(patch, bytesOf({ settings: { anonymize_user_ids: false } }));
    expect(back.status).toBe(200);
  });

  it('cannot be changed with a read key, or read with an ingest key', async () => {
    expectProblem(await put({ external_id: 'x' }, running.caller.readKey), 403, 'forbidden');
    expectProblem(await get('/ada', running.caller.ingestKey), 403, 'forbidden');
    expectProblem(await get('', running.caller.ingestKey), 403, 'forbidden');
    expectProblem(await client.send({ path: '/v1/users', key: null }), 401, 'unauthorized');
  });

  it('have an email address that is unique per organization, ignoring case', async () => {
    await put({ external_id: 'grace', email: 'grace@example.org' });
    for (const email of ['grace@example.org', 'Grace@Example.org']) {
      for (const external_id of ['new', 'ada']) {
        const answer = await put({ external_id, email });
        expectProblem(answer, 409, 'email_taken');
        expect(answer.body.errors).toEqual([expect.objectContaining({ path: 'email' })]);
      }
    }
    expectProblem(await get('/new'), 404, 'not_found');
    expect((await put({ external_id: 'grace', email: 'grace@example.org' })).status).toBe(200);
    expect((await put({ external_id: 'grace', email: 'grace@example.org' }, other.ingestKey)).status).toBe(
      201,
    );
    const two = await Promise.all(
      ['a', 'b'].map((external_id) => put({ external_id, email: 'one@example.org' })),
    );
    expect(two.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('of another organization are not found', async () => {
    await put({ external_id: 'theirs' }, other.ingestKey);
    expectProblem(await get('/theirs'), 404, 'not_found');
    for (const path of ['/nobody', '/%00', `/${'x'.repeat(257)}`]) {
      expectProblem(await get(path), 404, 'not_found');
    }
  });

  it('are listed page by page in order of their ids', async () => {
    const ids = ['z/1', 'é', 'B', 'c d'];
    for (const external_id of ids) {
      await put({ external_id });
      expect(bodyOf(await get(`/${encodeURIComponent(external_id)}`)).external_id).toBe(external_id);
    }
    const seen: unknown[] = [];
    let cursor: unknown = '';
    do {
      const page = await get(`?limit=2&cursor=${cursor}`);
      const { data, next_cursor } = bodyOf(page) as { data: Body[]; next_cursor: string | null };
      expect(data.length).toBeLessThanOrEqual(2);
      seen.push(...data.map(({ external_id }) => external_id));
      cursor = next_cursor;
    } while (cursor !== null);
    expect(seen.filter((id) => id !== 'a' && id !== 'b')).toEqual(['B', 'ada', 'c d', 'grace', 'z/1', 'é']);
    expectProblem(await get('?cursor=W10'), 400, 'invalid_query');
  });

  it.each<[string, object, string[]]>([
    ['an empty body', {}, ['external_id']],
    [
      'text that cannot be stored',
      { external_id: 'a\0', name: '\ud800', team: '' },
      ['external_id', 'name', 'team'],
    ],
    ['wrong types', { external_id: 1, email: 'nobody', role: 'admin' }, ['email', 'external_id', 'role']],
    ['an id that is too long', { external_id: 'x'.repeat(257) }, ['external_id']],
  ])('are not created from %s', async (_what, body, expected) => {
    const answer = await client.send({ method: 'POST', path: '/v1/users' }, bytesOf(body));
    expectProblem(answer, 400, 'invalid_body');
    expect(answer.body.errors?.map(({ path }) => path).sort()).toEqual(expected);
  });
});
