import { connect } from 'node:net';
import { administratorOf, bodyOf, dataOf } from '../support/administration.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let running: RunningApi;
let client: HttpClient;
let call: ReturnType<typeof administratorOf>;

beforeAll(async () => {
  running = await startApi();
  client = new HttpClient(running.url, running.caller.ingestKey);
  call = administratorOf(client, running.caller.adminKey);
});
afterAll(() => running?.stop());
afterEach(() => expect(running.api.output).not.toMatch(/"level":50/));

const log = async (query: string) => dataOf(await call('GET', `/v1/audit-log?${query}`));
const actorOf = (key: string) => `key:${key.split('_')[1]}`;
const event = (id: string) => ({ id, ts: new Date().toISOString(), type: 'page_view', user_id: 'zoe' });

describe('the audit log', () => {
  it('records who did what, when and from which address, newest first', async () => {
    const { public_id } = bodyOf(await call('POST', '/v1/api-keys', { name: 'audited', scopes: ['read'] }));
    const [entry] = await log('limit=1');
    expect(entry).toEqual({
      id: expect.stringMatching(/^\d+$/),
      at: expect.stringMatching(INSTANT),
      actor: actorOf(running.caller.adminKey),
      action: 'api_key.create',
      origin: '127.0.0.1',
      details: { public_id, name: 'audited', scopes: ['read'], expires_at: null },
    });
  });

  it('has an entry for each stored batch, with counts but without contents', async () => {
    const { organizationId, ingestKey, adminKey } = await running.createCaller();
    const begun = Date.now();
    const [one, two] = [event('one'), event('two')];
    const post = async (body: unknown) => (await client.post(body, { key: ingestKey })).body.batch_id!;
    const first = await post([one, two, { type: 'nope' }]);
    await running.untilStored(organizationId, 2);
    const second = await post([one, two, event('three')]);
    await running.untilStored(organizationId, 3);
    const answer = await call('GET', '/v1/audit-log?action=events.ingest', undefined, adminKey);
    const entry = (batch_id: string, counts: object) => ({
      id: batch_id,
      at: expect.stringMatching(INSTANT),
      actor: actorOf(ingestKey),
      action: 'events.ingest',
      origin: '127.0.0.1',
      details: { batch_id, ...counts },
    });
    expect(dataOf(answer)).toEqual([
      entry(second, { received: 3, stored: 1, duplicate: 2, dead_lettered: 0 }),
      entry(first, { received: 2, stored: 2, duplicate: 0, dead_lettered: 0 }),
    ]);
    for (const { at } of dataOf(answer)) {
      expect(Date.parse(at as string)).toBeGreaterThanOrEqual(begun);
      expect(Date.parse(at as string)).toBeLessThanOrEqual(Date.now());
    }
    expect(answer.text).not.toMatch(/zoe|page_view|three/);
    expect((await log('')).map(({ id }) => id)).not.toContain(first);
  });

  it('records the address of callers who disconnect early, and still answers the others', async () => {
    const { organizationId, ingestKey } = await running.createCaller();
    // Each request first asks the rate-limit counter, which takes longer than these callers stay.
    const limited = `UPDATE organizations SET settings = '{"rate_limits":{"batch":99}}' WHERE id = $1`;
    await running.database.query(limited, [organizationId]);
    expect((await client.send({ key: ingestKey })).status).toBe(403);
    let asked = 0;
    const body = JSON.stringify(Array.from({ length: 200 }, () => ({ type: 'page_view' })));
    const request = `POST /v1/events HTTP/1.1\r\nHost: x\r\nX-API-Key: ${ingestKey}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    // How many requests are read before their caller disconnects is a matter of luck.
    const rows = await eventually('one of them is accepted', async () => {
      for (let i = 0; i < 40; i++) {
        const socket = connect(running.port, '127.0.0.1');
        socket.on('error', () => {}).write(request, () => socket.destroy());
      }
      expect((await client.post(body, { key: ingestKey })).status).toBe(202);
      await eventually('nothing is in the queue', async () => (await running.unfinishedJobs()) === 0, 4_000);
      const { rows } = await running.database.query<{ origin: string; batches: number }>(
        'SELECT origin, (sum(stored) / 200)::int AS batches FROM ledger WHERE organization_id = $1 GROUP BY 1',
        [organizationId],
      );
      asked++;
      return rows.some(({ batches }) => batches > asked) && rows;
    });
    expect(rows).toEqual([{ origin: '127.0.0.1', batches: expect.any(Number) }]);
  });

  it('can be filtered and paged', async () => {
    const { organizationId } = running.caller;
    await client.post([event('one')]);
    await running.untilStored(organizationId, 1);
    await call('POST', '/v1/api-keys', { name: 'after', scopes: ['read'] });
    const all = await log('');
    const actions = all.map(({ action }) => action);
    expect(actions.slice(0, 2)).toEqual(['api_key.create', 'events.ingest']);
    expect(await log('actor=test&action=organization.create')).toHaveLength(1);
    expect(await log('action=organization.create,events.ingest')).toHaveLength(2);
    expect(await log('action=organization')).toEqual([]);
    expect(await log(`actor=${actorOf(running.caller.ingestKey)}`)).toEqual([all[1]]);
    expect(await log('actor=nobody')).toEqual([]);
    const middle = all[2]!.at as string;
    const [since, until] = [await log(`from=${middle}`), await log(`to=${middle}`)];
    expect([...since, ...until]).toEqual(all);
    expect(since.length).toBeGreaterThanOrEqual(3);
    for (const limit of [1, 2]) {
      const first = await call('GET', `/v1/audit-log?limit=${limit}`);
      const rest = await log(`cursor=${bodyOf(first).next_cursor}`);
      expect([...dataOf(first), ...rest]).toEqual(all);
    }
    expectProblem(await call('GET', '/v1/audit-log?from=now&action=%00'), 400, 'invalid_query');
    expectProblem(await call('GET', `/v1/audit-log?from=${middle}&to=${middle}`), 400, 'invalid_query');
    const forged = Buffer.from('[1,"1","x"]').toString('base64url');
    expectProblem(await call('GET', `/v1/audit-log?cursor=${forged}`), 400, 'invalid_query');
  });
});
