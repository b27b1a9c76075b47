import { type RunningApi, startApi } from '../support/running-api.js';

const HOUR_MS = 3_600_000;
const now = Date.now();

let running: RunningApi;

const reading = (hoursAgo: number, value: number, metric_name = 'cpu', device_name = 'web-1') => ({
  type: 'device_metric',
  ts: new Date(now - hoursAgo * HOUR_MS).toISOString(),
  payload: { device_name, metric_name, value },
});
/** The latest ones are not posted last. */
const readings = [
  ...[reading(0.1, 40), reading(1, 10), reading(2, 70), reading(30, 5)],
  ...[reading(3, -1.5, 'temperature'), reading(5, 2, 'temperature')],
  ...[reading(700, 8, 'disk', 'd'.repeat(250)), reading(701, 9, 'disk', 'd'.repeat(250))],
];

beforeAll(async () => {
  running = await startApi();
  const response = await fetch(`${running.url}/v1/events`, {
    method: 'POST',
    headers: { 'x-api-key': running.caller.ingestKey, 'content-type': 'application/json' },
    body: JSON.stringify(readings),
  });
  expect(response.status).toBe(202);
  await running.untilStored(running.caller.organizationId, readings.length);
});
afterAll(() => running?.stop());

async function summary(query = '') {
  const response = await fetch(`${running.url}/api/v1/reports/summary${query}`, {
    headers: { 'x-api-key': running.caller.readKey },
  });
  return { status: response.status, body: (await response.json()) as { data: object[] } };
}

it('has count, average, extremes and the latest reading of each device and metric', async () => {
  expect((await summary()).body).toEqual({
    time_range: 24,
    data: [
      { device_name: 'web-1', metric_name: 'cpu', count: 3, avg: 40, min: 10, max: 70, last: 40 },
      {
        device_name: 'web-1',
        metric_name: 'temperature',
        count: 2,
        avg: 0.25,
        min: -1.5,
        max: 2,
        last: -1.5,
      },
    ],
  });
});

it('covers as many hours as are asked for', async () => {
  const { data } = (await summary('?time_range=48')).body;
  expect(data[0]).toMatchObject({ metric_name: 'cpu', count: 4, min: 5, last: 40 });
  const { body } = await summary('?time_range=720');
  expect(body.data[0]).toMatchObject({ metric_name: 'disk', count: 2, last: 8 });
  expect(body.data).toHaveLength(3);
});

it.each(['0', '-1', '8785', '1.5', 'day', ''])('refuses a range of %j hours', async (hours) => {
  const { status, body } = await summary(`?time_range=${hours}`);
  const { errors } = body as unknown as { errors: { path: string }[] };
  expect([status, new Set(errors.map(({ path }) => path))]).toEqual([400, new Set(['time_range'])]);
});
