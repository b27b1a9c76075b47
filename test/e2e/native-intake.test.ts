import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { badEvents } from '../support/bad-events.js';
import { bytesOf, expectProblem, HttpClient } from '../support/http-client.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;
let caller: Caller;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
});
afterAll(() => running?.stop());
beforeEach(async () => {
  caller = await running.createCaller();
  client = new HttpClient(running.url, caller.ingestKey);
});

const view = (id: string) => ({ id, type: 'page_view', payload: { page: '/' } });
const ids = async (count: number) =>
  (await running.untilStored(caller.organizationId, count)).map((e) => e.id);
const accepted = (count: number) => ({ batch_id: expect.any(String), accepted: count, rejected: [] });

describe('POST /v1/events', () => {
  it('accepts one event, an array, an envelope and lines', async () => {
    const lines = `${JSON.stringify(view('e'))}\r\n\n${JSON.stringify(view('f'))}\n`;
    const answers = [
      await client.post(view('a')),
      await client.post([view('b'), view('c')]),
      await client.post({ events: [view('d')] }),
      await client.post(lines, { type: 'application/x-ndjson' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202]);
    expect(answers.map((answer) => answer.body)).toEqual([
      accepted(1),
      accepted(2),
      accepted(1),
      accepted(2),
    ]);
    expect(await ids(6)).toEqual([...'abcdef']);
  });

  it.each([
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'Application/JSONLines; charset=utf-8',
  ])('accepts lines as %s', async (type) => {
    const lines = ['a', 'b'].map((id) => JSON.stringify(view(id))).join('\n');
    expect((await client.post(lines, { type })).body).toEqual(accepted(2));
    expect(await ids(2)).toEqual(['a', 'b']);
  });

  it('stores every field as it was sent', async () => {
    const ts = new Date(Date.now() - 60_000).toISOString();
    const event = {
      ...{ id: 'ü-1', ts, type: 'page_view', user_id: 'u', session_id: 's', src: 'web' },
      payload: { page: '/ä€😀\ufffd', status: 200, nested: { list: [1, 'x', null, true, 1.5e-7] } },
    };
    await client.post(event);
    expect(await running.untilStored(caller.organizationId, 1)).toEqual([{ ...event, ts: new Date(ts) }]);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (body: Buffer) => body],
  ])('accepts %s bodies', async (encoding, compress) => {
    const body = bytesOf(Array.from({ length: 500 }, (_, i) => view(`z${i}`)));
    expect((await client.post(compress(body), { encoding })).body).toEqual(accepted(500));
    expect(await ids(500)).toHaveLength(500);
  });

  it('accepts a leading byte order mark', async () => {
    expect((await client.post(`\ufeff${JSON.stringify(view('a'))}`)).body).toEqual(accepted(1));
    const type = 'application/x-ndjson';
    expect((await client.post(`\ufeff${JSON.stringify(view('b'))}`, { type })).body).toEqual(accepted(1));
  });

  it('accepts 1,000 events in 5 MiB, and 300 keys in each of 1,000 events', async () => {
    const ts = new Date().toISOString();
    const fill = (i: number) => ({ ...view(`l${i}`), ts, payload: { page: '/', fill: 'x'.repeat(5_100) } });
    const large = bytesOf(Array.from({ length: 1000 }, (_, i) => fill(i)));
    expect(large.length).toBeGreaterThan(5_000_000);
    expect((await client.deliver(large)).body).toEqual(accepted(1000));
    const keys = (i: number) =>
      Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`k${(i * 300 + k).toString(36)}`, k]));
    const wide = {
      events: Array.from({ length: 1000 }, (_, i) => ({ ...view(`w${i}`), ts, payload: keys(i) })),
    };
    expect((await client.deliver(wide)).body).toEqual(accepted(1000));
    expect(await ids(2000)).toHaveLength(2000);
  });
});

describe('an invalid event among a thousand', () => {
  it.each(badEvents)('is refused alone: %s, %s', async (code, bad, path) => {
    const places = [0, 500, 999];
    for (const place of places) {
      const events = Array.from({ length: 1000 }, (_, i) =>
        i === place ? bad : JSON.stringify(view(`${place}-${i}`)),
      );
      const { status, body } = await client.post(`[${events.join()}]`);
      expect(body.rejected).toEqual([{ index: place, code, path, message: expect.any(String) }]);
      expect([status, body.accepted]).toEqual([202, 999]);
    }
    expect(await ids(3 * 999)).toHaveLength(3 * 999);
  });

  it.each([
    ['arrays', '[', ']', 'too_deep'],
    // 600 kB is over the size limit of an event, so it is not parsed.
    ['objects', '{"a":', '}', 'event_too_large'],
  ])('is refused alone when it is nested 100,000 %s deep', async (_what, opening, closing, code) => {
    const deep = `{"type":"page_view","payload":{"x":${opening.repeat(1e5)}0${closing.repeat(1e5)}}}`;
    const events = Array.from({ length: 999 }, (_, i) => JSON.stringify({ id: `${i}`, type: 'page_view' }));
    const { body } = await client.post(`[${[...events, deep].join()}]`);
    expect(body).toMatchObject({ accepted: 999, rejected: [{ index: 999, code }] });
    expect(await ids(999)).toHaveLength(999);
  });

  it('is refused alone when its bytes are not UTF-8, and a neighbour keeps its U+FFFD', async () => {
    const good = JSON.stringify({ ...view('good'), payload: { page: '\ufffd' } });
    const bad = Buffer.from('{"type":"page_view","payload":{"page":"\xff\xfe"}}', 'latin1');
    const body = Buffer.concat([Buffer.from(`[${good},`), bad, Buffer.from(']')]);
    expect((await client.post(body)).body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, code: 'invalid_unicode', path: '/payload/page' }],
    });
    expect(await running.untilStored(caller.organizationId, 1)).toMatchObject([
      { id: 'good', payload: { page: '\ufffd' } },
    ]);
  });

  it('is refused alone when its line is not JSON', async () => {
    const lines = `${JSON.stringify(view('a'))}\n{"type":\n${JSON.stringify(view('b'))}`;
    expect((await client.post(lines, { type: 'application/x-ndjson' })).body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 1, code: 'invalid_event', message: expect.stringContaining('line 2') }],
    });
  });
});

describe('a request of only invalid events', () => {
  it('gets 400 with the same list of errors', async () => {
    const answer = await client.post(`[${badEvents.map(([, json]) => json).join()}]`);
    expectProblem(answer, 400, 'invalid_events');
    expect(answer.body.errors!.map(({ index, code, path }) => [index, code, path])).toEqual(
      badEvents.map(([code, , path], index) => [index, code, path]),
    );
  });

  it('gets back only a short excerpt of what it sent', async () => {
    const long = 'y'.repeat(20_000);
    const answer = await client.post([{ type: long }, { [long]: 1, type: 'page_view' }]);
    expectProblem(answer, 400, 'invalid_events');
    expect(answer.text.length).toBeLessThan(2_000);
  });
});
