import { administratorOf, bodyOf } from '../support/administration.js';
import { bytesOf, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const MAX_SERIES = 5;
const VALUES = 20;

let running: RunningApi;

beforeAll(async () => {
  running = await startApi({ workers: 2, settings: { ADMIN_TOKEN } });
});
afterAll(() => running?.stop());

const points = async (query: string) => {
  const response = await fetch(`${running.url}/v1/aggregates?type=search_query&window=1d&${query}`, {
    headers: { 'x-api-key': running.caller.readKey },
  });
  const { series } = (await response.json()) as {
    series: { group: Record<string, string>; points: { count: number; sum?: number }[] }[];
  };
  return series.map(({ group, points: [point] }) => [
    group.category ?? null,
    point!.count,
    point!.sum ?? null,
  ]);
};

it('counts series up to the limit separately, the rest as one, and warns', async () => {
  const { caller, url } = running;
  const client = new HttpClient(url, caller.ingestKey);
  const path = `/v1/organizations/${caller.organizationId}`;
  const limited = await client.send(
    { method: 'PATCH', path, key: null, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
    bytesOf({ settings: { max_series_per_type: MAX_SERIES } }),
  );
  expect(limited.status).toBe(200);

  const day = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  const ts = new Date().toISOString();
  const event = (n: number) => ({
    type: 'search_query',
    ts,
    payload: { query: 'x', category: `c${n}`, results_count: n },
  });
  for (let n = 0; n < VALUES; n++) {
    expect((await client.post(JSON.stringify([event(n), event(n)]))).status).toBe(202);
  }
  await running.untilStored(caller.organizationId, 2 * VALUES);

  const groups = await points(`from=${day}&group_by=category&measure=results_count&stats=count,sum`);
  expect(groups).toHaveLength(MAX_SERIES + 1);
  const others = groups.find(([group]) => group === '__other__')!;
  expect(others[1]).toBe(2 * (VALUES - MAX_SERIES));
  const total = (at: number) => groups.reduce((sum, row) => sum + Number(row[at]), 0);
  expect([total(1), total(2)]).toEqual([2 * VALUES, VALUES * (VALUES - 1)]);
  expect(await points(`from=${day}&where[category]=__other__`)).toEqual([[null, others[1], null]]);

  const call = administratorOf(client, caller.adminKey);
  expect(bodyOf(await call('GET', path)).warnings).toEqual([
    expect.objectContaining({
      ...{ code: 'too_many_series', type: 'search_query', day: day.slice(0, 10), limit: MAX_SERIES },
      since: expect.stringMatching(/Z$/),
    }),
  ]);
});
