import { eventually } from '../support/eventually.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const TTL_SECONDS = 3;
const HOUR_MS = 3_600_000;
const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
const closed = `from=${iso(thisHour - 5 * HOUR_MS)}&to=${iso(thisHour - HOUR_MS)}`;
const open = `from=${iso(thisHour - 5 * HOUR_MS)}&to=${iso(thisHour + 2 * HOUR_MS)}`;

let running: RunningApi;
let replica: string;
let sent = 0;

beforeAll(async () => {
  running = await startApi({ queue: 'redis', settings: { CACHE_TTL_SECONDS: String(TTL_SECONDS) } });
  replica = (await running.startReplica()).url;
});
afterAll(() => running?.stop());

function iso(epochMs: number) {
  return new Date(epochMs).toISOString();
}

/** Sends an event of three hours ago and waits until it is stored. */
async function sendLate(): Promise<void> {
  const ts = iso(thisHour - 3 * HOUR_MS);
  const response = await fetch(`${running.url}/v1/events`, {
    method: 'POST',
    headers: { 'x-api-key': running.caller.ingestKey, 'content-type': 'application/json' },
    body: JSON.stringify({ id: `late-${sent++}`, ts, type: 'page_view', payload: { page: '/' } }),
  });
  expect(response.status).toBe(202);
  await running.untilStored(running.caller.organizationId, sent);
}

async function count(range: string, url = running.url): Promise<number> {
  const response = await fetch(`${url}/v1/aggregates?type=page_view&window=1h&${range}`, {
    headers: { 'x-api-key': running.caller.readKey },
  });
  const { series } = (await response.json()) as { series: { total: { count: number } }[] };
  return series[0]?.total.count ?? 0;
}

it('closed buckets are answered from the cache of all replicas, and late events show within the TTL', async () => {
  await sendLate();
  expect(await count(closed)).toBe(1);
  const cachedAt = Date.now();
  await sendLate();
  expect([await count(closed), await count(closed, replica)]).toEqual([1, 1]);
  // Or the test was too slow to say anything.
  expect(Date.now() - cachedAt).toBeLessThan(TTL_SECONDS * 1000);
  await eventually('the late event shows', async () => (await count(closed)) === 2, TTL_SECONDS * 1000 + 500);
  expect(await count(closed, replica)).toBe(2);
});

it('a range with an open bucket is never answered from the cache', async () => {
  const before = await count(open);
  await sendLate();
  expect(await count(open)).toBe(before + 1);
});
