import type { JWTPayload } from 'jose';
import { SCOPES } from '#identity';
import { administratorOf, bodyOf, dataOf } from '../support/administration.js';
import { claims, sign } from '../support/forged-tokens.js';
import { bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const JWT_SECRET = 'a secret of the test, 32 bytes or more';

let running: RunningApi;
let client: HttpClient;
let call: ReturnType<typeof administratorOf>;

beforeAll(async () => {
  running = await startApi({ workers: 0, settings: { ADMIN_TOKEN, JWT_SECRET } });
  client = new HttpClient(running.url, running.caller.adminKey);
  call = administratorOf(client, running.caller.adminKey);
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

/** Creates a key with a bearer token. */
const createAs = (token: string, scopes: readonly string[]) =>
  client.send(
    { method: 'POST', path: '/v1/api-keys', key: null, headers: { authorization: `Bearer ${token}` } },
    bytesOf({ name: 'made', scopes }),
  );
const tokenOf = (changes: JWTPayload) =>
  sign(claims(running.caller.organizationId, changes), new TextEncoder().encode(JWT_SECRET), {
    alg: 'HS256',
  });
const exchanged = async (key: string, scopes?: string[]) =>
  bodyOf(await client.post({ scopes }, { path: '/v1/auth/token', key })).access_token as string;
const keys = async () => dataOf(await call('GET', '/v1/api-keys'));
const entries = async (actor: string) =>
  dataOf(await call('GET', `/v1/audit-log?actor=${encodeURIComponent(actor)}`));

describe('a key can be created', () => {
  it('by a user with the admin role, whom the audit log names', async () => {
    const answer = await createAs(await tokenOf({ sub: 'ada', role: 'admin' }), ['read', 'ingest']);
    expect(answer.status).toBe(201);
    const { public_id, name, scopes, expires_at } = bodyOf(answer);
    expect(await entries('user:ada')).toEqual([
      {
        id: expect.any(String),
        at: expect.any(String),
        actor: 'user:ada',
        action: 'api_key.create',
        origin: '127.0.0.1',
        details: { public_id, name, scopes, expires_at },
      },
    ]);
  });

  it('with the token of an admin key, and the audit log names that key', async () => {
    const actor = `key:${running.caller.adminKey.split('_')[1]}`;
    const before = await entries(actor);
    const answer = await createAs(await exchanged(running.caller.adminKey), ['admin']);
    expect(answer.status).toBe(201);
    const [entry, exchange, ...rest] = await entries(actor);
    expect(exchange).toMatchObject({ action: 'token.create' });
    expect(entry).toMatchObject({
      action: 'api_key.create',
      details: { public_id: bodyOf(answer).public_id },
    });
    expect(rest).toEqual(before);
  });

  it('only by callers with the permission to administer', async () => {
    const { adminKey, ingestKey, readKey } = running.caller;
    const both = bodyOf(await call('POST', '/v1/api-keys', { name: 'both', scopes: ['read', 'ingest'] }));
    const before = await keys();
    const credentials = {
      'a read key': readKey,
      'an ingest key': ingestKey,
      'a read and ingest key': both.api_key as string,
      'a token of a read key': await exchanged(readKey),
      'a token of an admin key, for read and ingest': await exchanged(adminKey, ['read', 'ingest']),
      viewer: await tokenOf({ role: 'viewer' }),
      developer: await tokenOf({ role: 'developer' }),
      manager: await tokenOf({ role: 'manager' }),
      'manager with scope admin': await tokenOf({ role: 'manager', scope: 'admin' }),
      'admin with scope read ingest': await tokenOf({ role: 'admin', scope: 'read ingest' }),
      'admin with an empty scope': await tokenOf({ role: 'admin', scope: '' }),
      'the operator': ADMIN_TOKEN,
    };
    for (const [who, credential] of Object.entries(credentials)) {
      for (const scopes of [...SCOPES.map((scope) => [scope]), [...SCOPES]]) {
        const answer = await createAs(credential, scopes);
        expect([who, scopes, answer.status]).toEqual([who, scopes, 403]);
        expectProblem(answer, 403, 'forbidden');
      }
    }
    expect(await keys()).toEqual(before);
  });

  it('only in the organization of the admin', async () => {
    const other = await running.createCaller();
    const before = await keys();
    const organization_id = other.organizationId;
    const token = await tokenOf({ sub: 'eve', role: 'admin', organization_id });
    const answer = await createAs(token, ['admin']);
    expect(answer.status).toBe(201);
    expect(await keys()).toEqual(before);
    expect(await entries('user:eve')).toEqual([]);
    const path = `/v1/organizations/${running.caller.organizationId}`;
    const made = bodyOf(answer).api_key as string;
    expectProblem(await call('GET', path, undefined, made), 404, 'not_found');
  });
});
