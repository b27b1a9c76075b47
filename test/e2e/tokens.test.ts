import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool } from '#database';
import { ApiKeyAdministration } from '#identity';
import { eventually } from '../support/eventually.js';
import { AUDIENCE, assemble, claims, ecKeys, ISSUER, pem, rsaKeys, sign } from '../support/forged-tokens.js';
import { type Answer, expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { TESTER } from '../support/tester.js';

const SECRET = 'a secret of the test, 32 bytes or more';
const HS256 = { alg: 'HS256' };
const secret = new TextEncoder().encode(SECRET);
const rsa = rsaKeys();
const ec = ecKeys();
const now = () => Math.floor(Date.now() / 1000);

const read = (client: HttpClient, token: string): Promise<Answer> =>
  client.send({ path: '/v1/events', key: null, headers: { authorization: `Bearer ${token}` } });

describe('with a secret and a public key, the API', () => {
  let running: RunningApi;
  let client: HttpClient;
  let organization: string;

  beforeAll(async () => {
    running = await startApi({
      workers: 0,
      settings: {
        JWT_SECRET: SECRET,
        JWT_PUBLIC_KEY: pem(rsa.publicKey).replaceAll('\n', '\\n'),
        JWT_ISSUER: ISSUER,
        JWT_AUDIENCE: AUDIENCE,
      },
    });
    client = new HttpClient(running.url, running.caller.readKey);
    organization = running.caller.organizationId;
  });
  afterAll(() => running?.stop());

  it('accepts a valid token of each', async () => {
    expect((await read(client, await sign(claims(organization), secret, HS256))).status).toBe(200);
    const signed = await sign(claims(organization), rsa.privateKey, { alg: 'RS256' });
    expect((await read(client, signed)).status).toBe(200);
  });

  it('tolerates clocks 20 s apart', async () => {
    const late = await sign(claims(organization, { exp: now() - 20 }), secret, HS256);
    const early = await sign(claims(organization, { nbf: now() + 20 }), secret, HS256);
    expect([(await read(client, late)).status, (await read(client, early)).status]).toEqual([200, 200]);
  });

  const forged: [string, () => string | Promise<string>][] = [
    ['alg none', () => assemble({ alg: 'none' }, claims(organization))],
    ['alg None and a signature', () => assemble({ alg: 'None' }, claims(organization), SECRET)],
    ['an HMAC with the public key', () => assemble(HS256, claims(organization), pem(rsa.publicKey))],
    [
      'an HMAC with the public key in DER',
      () => assemble(HS256, claims(organization), rsa.publicKey.export({ type: 'spki', format: 'der' })),
    ],
    ['an HMAC labelled RS256', () => assemble({ alg: 'RS256' }, claims(organization), SECRET)],
    ['HS512', () => sign(claims(organization), Buffer.concat([secret, secret]), { alg: 'HS512' })],
    ['another secret', () => assemble(HS256, claims(organization), `${SECRET}.`)],
    ['another RSA key', () => sign(claims(organization), rsaKeys().privateKey, { alg: 'RS256' })],
    ['a key of another type', () => sign(claims(organization), ec.privateKey, { alg: 'ES256' })],
    ['an expiry in the past', () => sign(claims(organization, { exp: now() - 31 }), secret, HS256)],
    ['no expiry', () => sign(claims(organization, { exp: undefined }), secret, HS256)],
    ['a start in the future', () => sign(claims(organization, { nbf: now() + 40 }), secret, HS256)],
    ['another audience', () => sign(claims(organization, { aud: 'other' }), secret, HS256)],
    ['no audience', () => sign(claims(organization, { aud: undefined }), secret, HS256)],
    ['another issuer', () => sign(claims(organization, { iss: 'https://other' }), secret, HS256)],
    ['no issuer', () => sign(claims(organization, { iss: undefined }), secret, HS256)],
    ['no organization', () => sign(claims(organization, { organization_id: undefined }), secret, HS256)],
    ['an organization id that is not a UUID', () => sign(claims("' OR 1=1 --"), secret, HS256)],
    ['an organization that does not exist', () => sign(claims(randomUUID()), secret, HS256)],
    ['no subject', () => sign(claims(organization, { sub: undefined }), secret, HS256)],
    ['a NUL in its subject', () => sign(claims(organization, { sub: 'a\u0000b' }), secret, HS256)],
    [
      'half a surrogate pair in its subject',
      () => sign(claims(organization, { sub: '\ud800' }), secret, HS256),
    ],
    ['a NUL in its key id', () => sign(claims(organization, { key_id: 'a\u0000b' }), secret, HS256)],
    ['no role', () => sign(claims(organization, { role: undefined }), secret, HS256)],
    ['a role that does not exist', () => sign(claims(organization, { role: 'root' }), secret, HS256)],
    ['a role from the prototype', () => sign(claims(organization, { role: 'constructor' }), secret, HS256)],
    ['a role of another type', () => sign(claims(organization, { role: ['admin'] }), secret, HS256)],
    ['a scope of another type', () => sign(claims(organization, { scope: ['admin'] }), secret, HS256)],
    ['a critical header', () => assemble({ ...HS256, crit: ['exp'] }, claims(organization), SECRET)],
    ['two parts', async () => (await sign(claims(organization), secret, HS256)).split('.', 2).join('.')],
    ['10 kB', () => sign(claims(organization, { more: 'x'.repeat(7500) }), secret, HS256)],
    ['1 MB', () => `${'x'.repeat(500_000)}.${'y'.repeat(500_000)}.z`],
  ];

  it.each(forged)('refuses a token with %s', async (_what, token) => {
    const answer = await read(client, await token());
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it('grants each role its permissions', async () => {
    const statuses = async (role: string, scope?: string) => {
      const token = await sign(claims(organization, { role, scope }), secret, HS256);
      const headers = { authorization: `Bearer ${token}` };
      const post = await client.post('{"type":"page_view"}', { key: null, headers });
      return [(await read(client, token)).status, post.status];
    };
    expect(await statuses('viewer')).toEqual([200, 403]);
    expect(await statuses('developer')).toEqual([200, 202]);
    expect(await statuses('manager')).toEqual([200, 202]);
    expect(await statuses('admin')).toEqual([200, 202]);
    expect(await statuses('admin', 'read')).toEqual([200, 403]);
    expect(await statuses('viewer', 'admin')).toEqual([200, 403]);
  });

  describe('exchanging a key', () => {
    const exchange = (key: string, body: unknown = {}) => client.post(body, { path: '/v1/auth/token', key });
    const tokenOf = (answer: Answer) => (answer.body as { access_token: string }).access_token;

    it('returns a token with the permissions of the key', async () => {
      const answer = await exchange(running.caller.ingestKey);
      expect([answer.status, answer.body]).toEqual([
        200,
        expect.objectContaining({ token_type: 'Bearer', expires_in: 900, scopes: ['ingest'] }),
      ]);
      const headers = { authorization: `Bearer ${tokenOf(answer)}` };
      expect((await client.post('{"type":"page_view"}', { key: null, headers })).status).toBe(202);
      expectProblem(await read(client, tokenOf(answer)), 403, 'forbidden');
    });

    it('refuses scopes that the key lacks, tokens, and invalid fields', async () => {
      expectProblem(await exchange(running.caller.readKey, { scopes: ['admin'] }), 403, 'forbidden');
      const headers = { authorization: `Bearer ${tokenOf(await exchange(running.caller.readKey))}` };
      const again = await client.post({}, { path: '/v1/auth/token', key: null, headers });
      expectProblem(again, 403, 'forbidden');
      const wrong = { scopes: ['root'], expires_in: 1e9, other: 1 };
      const answer = await exchange(running.caller.readKey, wrong);
      expectProblem(answer, 400, 'invalid_body');
      expect(answer.body.errors?.map(({ path }) => path).sort()).toEqual(['expires_in', 'other', 'scopes']);
    });

    it('returns a token that is refused once the key is revoked', async () => {
      const pool = createPool({ databaseUrl: running.databaseUrl, role: 'api', size: 1 });
      const draft = { name: 'short-lived', scopes: ['read'] as const };
      const created = await new ApiKeyAdministration(pool).create(TESTER, organization, draft);
      await pool.end();
      const token = tokenOf(await exchange(created!.api_key));
      expect((await read(client, token)).status).toBe(200);
      await running.database.query(`UPDATE api_keys SET revoked_at = now() WHERE name = 'short-lived'`);
      await eventually('the token is refused', async () => (await read(client, token)).status === 401, 5_000);
    });
  });
});

describe('with a key set at a URL, the API', () => {
  let running: RunningApi;
  let client: HttpClient;
  let issuer: Server;
  let keys: object[] = [];
  let isDown = false;
  const jwk = (kid: string, { publicKey }: ReturnType<typeof ecKeys>) => ({
    ...publicKey.export({ format: 'jwk' }),
    ...{ kid, alg: 'ES256', use: 'sig' },
  });
  const token = (kid: string, { privateKey }: ReturnType<typeof ecKeys>) =>
    sign(claims(running.caller.organizationId), privateKey, { alg: 'ES256', kid });

  beforeAll(async () => {
    issuer = createServer((_request, response) =>
      isDown ? response.socket?.destroy() : response.end(JSON.stringify({ keys })),
    ).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const { port } = issuer.address() as AddressInfo;
    const settings = { JWKS_URL: `http://127.0.0.1:${port}/`, JWT_ALGORITHM: 'ES256' };
    running = await startApi({ workers: 0, settings });
    client = new HttpClient(running.url, running.caller.readKey);
  });
  afterAll(async () => {
    await running?.stop();
    issuer.close();
  });

  it('answers 503 while the key set is unavailable, and follows its rotation', async () => {
    isDown = true;
    expectProblem(await read(client, await token('first', ec)), 503, 'database_unavailable');
    isDown = false;
    keys = [jwk('first', ec)];
    expect((await read(client, await token('first', ec))).status).toBe(200);
    const second = ecKeys();
    expectProblem(await read(client, await token('second', second)), 401, 'unauthorized');
    keys = [jwk('second', second)];
    await eventually(
      'the new key is fetched',
      async () => (await read(client, await token('second', second))).status === 200,
      15_000,
    );
    expectProblem(await read(client, await token('first', ec)), 401, 'unauthorized');
    const signed = assemble(HS256, claims(running.caller.organizationId), pem(ec.publicKey));
    expectProblem(await read(client, signed), 401, 'unauthorized');
  });

  it('issues no tokens', async () => {
    expectProblem(await client.post({}, { path: '/v1/auth/token' }), 501, 'tokens_not_issued');
  });
});
