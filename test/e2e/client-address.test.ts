import { administratorOf, dataOf } from '../support/administration.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const CLIENT = '203.0.113.9';

describe.each<[string, string | undefined]>([
  ['without TRUST_PROXY', undefined],
  ['with a TRUST_PROXY that does not list the caller', '10.0.0.0/8,2001:db8::1'],
  ['with a TRUST_PROXY that lists the caller', '10.0.0.0/8,127.0.0.1'],
])('the address in the audit log, %s', (_what, TRUST_PROXY) => {
  const isTrusted = TRUST_PROXY?.includes('127.0.0.1') ?? false;
  let running: RunningApi;
  let client: HttpClient;
  let call: ReturnType<typeof administratorOf>;

  beforeAll(async () => {
    running = await startApi(TRUST_PROXY ? { settings: { TRUST_PROXY } } : {});
    client = new HttpClient(running.url, running.caller.adminKey);
    call = administratorOf(client, running.caller.adminKey);
  });
  afterAll(() => running?.stop());

  const originOfNewKey = async (headers: Readonly<Record<string, string>>) => {
    const body = { name: 'forwarded', scopes: ['read'] };
    expect((await client.post(body, { path: '/v1/api-keys', headers })).status).toBe(201);
    return dataOf(await call('GET', '/v1/audit-log?action=api_key.create&limit=1'))[0]!.origin;
  };

  it.each<[string, Record<string, string>, string]>([
    ['no header', {}, '127.0.0.1'],
    ['one address', { 'x-forwarded-for': CLIENT }, CLIENT],
    ['an IPv6 address', { 'x-forwarded-for': '2001:db8::9' }, '2001:db8::9'],
    ['a forged address before the real one', { 'x-forwarded-for': `6.6.6.6, ${CLIENT}` }, CLIENT],
    ['a forged, the real and a proxy address', { 'x-forwarded-for': `6.6.6.6, ${CLIENT}, 10.1.2.3` }, CLIENT],
    ['an invalid address', { 'x-forwarded-for': "<script>'; --" }, '127.0.0.1'],
    ['10,000 digits', { 'x-forwarded-for': '9'.repeat(10_000) }, '127.0.0.1'],
    ['other headers', { forwarded: `for=${CLIENT}`, 'x-real-ip': CLIENT }, '127.0.0.1'],
  ])('is right for an act sent with %s', async (_what, headers, expected) => {
    expect(await originOfNewKey(headers)).toBe(isTrusted ? expected : '127.0.0.1');
  });

  it('is right for a batch', async () => {
    const answer = await client.post([{ type: 'page_view' }], { headers: { 'x-forwarded-for': CLIENT } });
    expect(answer.status).toBe(202);
    await running.untilStored(running.caller.organizationId, 1);
    const [batch] = dataOf(await call('GET', '/v1/audit-log?action=events.ingest'));
    expect(batch?.origin).toBe(isTrusted ? CLIENT : '127.0.0.1');
  });

  it('does not authenticate anyone', async () => {
    const headers = { 'x-forwarded-for': CLIENT, 'x-forwarded-host': 'evil.example' };
    expectProblem(await client.send({ path: '/v1/audit-log', key: null, headers }), 401, 'unauthorized');
  });
});
