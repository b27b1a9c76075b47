import { bodyOf } from '../support/administration.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const GOOD = { type: 'page_view', payload: { page: '/' } };
const UNKNOWN = { type: 'nope' };
const NEGATIVE = { type: 'page_view', payload: { page: '/', duration_ms: -1 } };

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const stats = async () => {
  const { rejected, rejections } = bodyOf(await client.send({ path: '/api/metrics/stats' }));
  return { rejected, rejections };
};

it('rejected events are counted over all replicas, and not lost when one is told to stop', async () => {
  const replica = await running.startReplica();
  const there = new HttpClient(replica.url, running.caller.ingestKey);
  const none = { rejected: 0, rejections: [] };
  expect(await stats()).toEqual(none);
  const post = async (to: HttpClient, events: object[], status: number, path = '/v1/events') =>
    expect((await to.post(events, { path })).status).toBe(status);
  await post(client, [GOOD, UNKNOWN, NEGATIVE, UNKNOWN], 202);
  await post(client, [UNKNOWN], 400);
  // All or nothing: the good one is refused too, but it is not invalid.
  await post(
    client,
    [GOOD, { ...NEGATIVE, ts: new Date().toISOString(), user_id: 'u' }],
    422,
    '/api/analytics/ingest',
  );
  const counted = await eventually('they are counted', async () => {
    const found = await stats();
    return found.rejected !== 0 && found;
  });
  const rejections = [
    { code: 'unknown_type', count: 3 },
    { code: 'schema_violation', count: 2 },
  ];
  expect(counted).toEqual({ rejected: 5, rejections });
  await post(there, [UNKNOWN, UNKNOWN, GOOD], 202);
  await replica.end('SIGTERM');
  rejections[0]!.count += 2;
  expect(await stats()).toEqual({ rejected: 7, rejections });
  const { rows } = await running.database.query('SELECT organization_id FROM rejections GROUP BY 1');
  expect(rows).toEqual([{ organization_id: running.caller.organizationId }]);
});
