import { CloudEvent, CONSTANTS, emitterFor, HTTP, httpTransport, type Message, Mode } from 'cloudevents';
import { bodyOf } from '../support/administration.js';
import { type Answer, expectProblem, HttpClient, type Post } from '../support/http-client.js';
import { type Caller, type RunningApi, type StoredEvent, startApi } from '../support/running-api.js';

const PATH = '/v1/cloudevents';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const at = new Date(Date.now() - 60_000).toISOString();

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

const stored = (count: number) => running.untilStored(caller.organizationId, count);
const accepted = (count: number) => ({ batch_id: expect.any(String), accepted: count, rejected: [] });

/** The events as `GET /v1/events` lists them, once that many are stored. */
async function listed(count: number) {
  await stored(count);
  const { body } = await client.send({ path: '/v1/events', key: caller.readKey });
  return (body as unknown as { data: (StoredEvent & { ts: string })[] }).data;
}

describe('the cloudevents package as a client', () => {
  const headers = () => ({ 'x-api-key': caller.ingestKey });
  const event = (id: string, more: object = {}) =>
    new CloudEvent<unknown>({
      ...{ id, source: 'https://shop.example/web', type: 'page_view', time: at, subject: 'user-1' },
      ...{ data: { page: '/' }, traceparent: '00-1-2-01', ...more },
    });
  const expected = (id: string, more: object = {}) =>
    expect.objectContaining({
      ...{ id: `https://shop.example/web ${id}`, ts: at, type: 'page_view', user_id: 'user-1' },
      ...{ session_id: null, src: 'https://shop.example/web', payload: { page: '/' }, ...more },
    });
  const answerOf = (response: unknown) => JSON.parse((response as { body: string }).body);
  /** Sends one event with the package's own transport. */
  const emit = async (mode: Mode.BINARY | Mode.STRUCTURED, sent: CloudEvent<unknown>) => {
    const emitter = emitterFor(httpTransport(running.url + PATH), { mode, binding: HTTP });
    return answerOf(await emitter(sent, { headers: headers() }));
  };

  it.each([Mode.BINARY, Mode.STRUCTURED] as const)('sends an event in %s mode', async (mode) => {
    expect(await emit(mode, event('1'))).toEqual(accepted(1));
    expect(await listed(1)).toEqual([expected('1')]);
  });

  it('sends a batch', async () => {
    const events = [event('1'), event('2', { sessionid: 's' }), event('3', { type: 'nope' })];
    const message: Message = {
      headers: { 'content-type': CONSTANTS.MIME_CE_BATCH },
      body: JSON.stringify(events),
    };
    const response = await httpTransport(running.url + PATH)(message, { headers: headers() });
    expect(answerOf(response)).toMatchObject({
      accepted: 2,
      rejected: [{ index: 2, code: 'unknown_type', path: '/type' }],
    });
    expect(new Set(await listed(2))).toEqual(new Set([expected('1'), expected('2', { session_id: 's' })]));
  });

  it('sends one event in every mode, which is counted once', async () => {
    for (const mode of [Mode.BINARY, Mode.STRUCTURED, Mode.BINARY] as const) {
      expect(await emit(mode, event('same'))).toEqual(accepted(1));
    }
    await emit(Mode.STRUCTURED, event('last'));
    expect((await listed(2)).map(({ id }) => id).sort()).toEqual(
      ['last', 'same'].map((id) => `https://shop.example/web ${id}`),
    );
  });

  it('sends binary data', async () => {
    const sent = event('1', { datacontenttype: 'image/png', data: new Uint8Array([0, 255]) });
    expect(await emit(Mode.BINARY, sent)).toEqual(accepted(1));
    expect(await emit(Mode.STRUCTURED, sent.cloneWith({ id: '2' }))).toEqual(accepted(1));
    const payloads = (await listed(2)).map(({ payload }) => payload);
    expect(payloads).toEqual([{ data_base64: 'AP8=' }, { data_base64: 'AP8=' }]);
  });

  it('gets the name of the invalid attribute', async () => {
    const old = event('1').cloneWith({ specversion: '0.3' } as never, false);
    for (const mode of [Mode.BINARY, Mode.STRUCTURED] as const) {
      expect(await emit(mode, old)).toMatchObject({
        status: 400,
        errors: [{ index: 0, code: 'invalid_event', path: '/specversion' }],
      });
    }
  });
});

describe('a CloudEvent', () => {
  const attributes = {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/a',
    'ce-type': 'page_view',
    'ce-time': at,
  };
  const binary = (headers: Record<string, string>, body: string | Buffer = '{}', options: Post = {}) =>
    client.post(body, { path: PATH, headers: { ...attributes, ...headers }, ...options });
  const structured = (fields: object, options: Post = {}) => {
    const event = { specversion: '1.0', id: '1', source: '/a', type: 'page_view', time: at, ...fields };
    return client.post(event, { path: PATH, type: STRUCTURED, ...options });
  };
  const expectRefusal = (answer: Answer, code: string, path: string) => {
    expectProblem(answer, 400, 'invalid_events');
    expect(answer.body.errors).toMatchObject([{ index: 0, code, path }]);
  };

  it.each(['specversion', 'id', 'source', 'type'])('without %s gets an error that names it', async (name) => {
    const { [`ce-${name}`]: _, ...headers } = attributes as Record<string, string>;
    const answers = [
      await client.post('{}', { path: PATH, headers }),
      await structured({ [name]: undefined }),
      await client.post([{ ...JSON.parse(bytes()), [name]: null }], { path: PATH, type: BATCH }),
    ];
    for (const answer of answers) {
      expectRefusal(answer, 'invalid_event', `/${name}`);
      expect(answer.body.errors![0]!.message).toBe(`the attribute ${name} is missing`);
    }
  });
  const bytes = () => JSON.stringify({ specversion: '1.0', id: '1', source: '/a', type: 'page_view' });

  it.each([
    ['ce-id', 'a%00b', 'invalid_unicode', '/id'],
    ['ce-id', '%ED%A0%80', 'invalid_unicode', '/id'],
    ['ce-id', '%FF'.repeat(200), 'invalid_unicode', '/id'],
    ['ce-source', '%C3', 'invalid_unicode', '/source'],
    ['ce-subject', '%00', 'invalid_unicode', '/subject'],
    ['ce-subject', 'x'.repeat(257), 'invalid_event', '/subject'],
    ['ce-sessionid', '%ED%B0%80', 'invalid_unicode', '/sessionid'],
    ['ce-time', 'yesterday', 'invalid_event', '/time'],
    ['ce-time', '2001-01-01T00:00:00Z', 'ts_out_of_range', '/time'],
    ['ce-type', 'nope', 'unknown_type', '/type'],
    ['ce-specversion', '1.0.2', 'invalid_event', '/specversion'],
    ['ce-id', '', 'invalid_event', '/id'],
  ])('with a hostile %s is refused: %s', async (name, value, code, path) => {
    expectRefusal(await binary({ [name]: value }), code, path);
  });

  it('has its headers decoded as the HTTP binding specifies', async () => {
    const headers = {
      'ce-subject': 'J%C3%B6rg%20%22%F0%9F%98%80%22',
      'ce-source': '/caf\xe9',
      'ce-id': '"1 2"',
    };
    expect((await binary(headers)).body).toEqual(accepted(1));
    expect(await stored(1)).toMatchObject([{ user_id: 'Jörg "😀"', src: '/café', id: '/café 1 2' }]);
  });

  it('may have an id of any length, and different ids are different events', async () => {
    const ids = ['x'.repeat(128), 'x'.repeat(129), `${'x'.repeat(128)}y`, 'x'.repeat(4000)];
    for (const id of [...ids, ...ids]) expect((await binary({ 'ce-id': id })).body).toEqual(accepted(1));
    await binary({ 'ce-id': 'last' });
    const events = await stored(ids.length + 1);
    expect(events).toHaveLength(ids.length + 1);
    for (const { id } of events) expect(id).toMatch(/^(\/a last|sha256:[\w-]{43})$/);
  });

  it('without a time is counted once per request and, like a native event, again when resent', async () => {
    const event = JSON.parse(bytes());
    const send = () => client.post([event, event], { path: PATH, type: BATCH });
    expect((await send()).body).toEqual(accepted(2));
    expect(await stored(1)).toHaveLength(1);
    expect((await send()).body).toEqual(accepted(2));
    const native = { id: 'native', type: 'page_view' };
    await client.post([native, native]);
    await stored(3);
    await client.post([native, native]);
    expect((await stored(4)).map(({ id }) => id)).toEqual(['/a 1', '/a 1', 'native', 'native']);
  });

  it('may have any data, and errors point into it as in the JSON format', async () => {
    expect((await binary({}, '<a/>', { type: 'text/xml' })).status).toBe(202);
    expect((await structured({ id: '2', data: [1] })).status).toBe(202);
    expect((await structured({ id: '3' })).status).toBe(202);
    expect((await stored(3)).map(({ payload }) => payload)).toEqual([{ data: '<a/>' }, { data: [1] }, {}]);
    expectRefusal(await structured({ data: { page: 7 } }), 'schema_violation', '/data/page');
    expectRefusal(await binary({}, '{"page":7}'), 'schema_violation', '/data/page');
    expectRefusal(await structured({ data: ['\0'] }), 'invalid_unicode', '/data/0');
    const hidden = Buffer.from('{"x":"\\u0000"}').toString('base64');
    const json = { datacontenttype: 'application/json', data_base64: hidden };
    expectRefusal(await structured(json), 'invalid_unicode', '/data/x');
    expectRefusal(await binary({}, 'x'.repeat(33_000), { type: 'text/plain' }), 'event_too_large', '');
    expectProblem(await binary({}, '{'), 400, 'malformed_json');
  });

  it('is refused in an unknown format, without a key, and with a read key', async () => {
    for (const type of ['application/cloudevents+xml', 'application/cloudevents+avro']) {
      expectProblem(await structured({}, { type }), 415, 'unsupported_media_type');
    }
    expectProblem(await client.post('[]', { path: PATH, type: BATCH }), 400, 'no_events');
    expectProblem(await client.post('[]', { path: PATH, type: STRUCTURED }), 400, 'invalid_body');
    expectProblem(await structured({}, { key: null }), 401, 'unauthorized');
    expectProblem(await structured({}, { key: caller.readKey }), 403, 'forbidden');
    expect(bodyOf(await structured({}))).toEqual(accepted(1));
  });
});
