import { gzipSync } from 'node:zlib';
import { expectProblem, expectProblemText, HttpClient, type Post } from '../support/http-client.js';
import { sendRaw } from '../support/raw-http.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const MIB = 1024 * 1024;
const event = '{"type":"page_view"}';
let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.ingestKey);
});
afterAll(() => running?.stop());
// Whatever was sent, the next request is served, and nothing was logged as an error.
afterEach(async () => {
  expect((await client.post(event)).status).toBe(202);
  expect(running.api.output).not.toMatch(/"level":50/);
});

describe('a caller', () => {
  const unknown = `mr_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  const keyIn = (header: string, prefix = '') => ({ [header]: prefix + running.caller.ingestKey });

  it.each([
    ['no key', () => ({})],
    ['an unknown key', () => ({ 'x-api-key': unknown })],
    ['a key of another form', () => ({ 'x-api-key': 'secret' })],
    ['a key in the wrong place', () => ({ authorization: running.caller.ingestKey })],
    ['a wrong secret', () => ({ 'x-api-key': `${running.caller.ingestKey.slice(0, -1)}_` })],
    ['a key of 10 kB', () => ({ 'x-api-key': 'x'.repeat(10_000) })],
  ])('with %s gets 401', async (_what, headers) => {
    const answer = await client.post(event, { key: null, headers: headers() as Record<string, string> });
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it.each([
    ['X-API-Key', () => keyIn('x-api-key')],
    ['Bearer', () => keyIn('authorization', 'Bearer ')],
    ['bearer', () => keyIn('authorization', 'bearer ')],
    ['Bearer beside an empty X-API-Key', () => ({ ...keyIn('authorization', 'Bearer '), 'x-api-key': '' })],
  ])('may send its key as %s', async (_what, headers) => {
    expect((await client.post(event, { key: null, headers: headers() })).status).toBe(202);
  });

  it('with a key of another scope gets 403', async () => {
    expectProblem(await client.post(event, { key: running.caller.readKey }), 403, 'forbidden');
    expectProblem(await client.send({ path: '/v1/events' }), 403, 'forbidden');
  });

  it('without a key gets 401, and the body is not decompressed', async () => {
    for (const body of [gzipSync(Buffer.alloc(50 * MIB)), Buffer.from('{'), Buffer.alloc(20 * MIB, ' ')]) {
      expectProblem(await client.post(body, { key: null, encoding: 'gzip' }), 401, 'unauthorized');
    }
  });
});

describe('a body', () => {
  const refused: [string, unknown, Post, number, string][] = [
    ['no bytes', '', {}, 400, 'malformed_json'],
    ['white space', ' \n', {}, 400, 'malformed_json'],
    ['half an object', '{"type":', {}, 400, 'malformed_json'],
    ['two objects', `${event}${event}`, {}, 400, 'malformed_json'],
    ['a raw NUL', '{"type":"page_view\0"}', {}, 400, 'malformed_json'],
    ['UTF-16', Buffer.from(event, 'utf16le'), {}, 400, 'malformed_json'],
    ['no events', '[]', {}, 400, 'no_events'],
    ['an empty envelope', '{"events":[]}', {}, 400, 'no_events'],
    ['empty lines', '\n\n', { type: 'application/x-ndjson' }, 400, 'no_events'],
    ['an envelope of something else', '{"events":{}}', {}, 400, 'invalid_body'],
    ['a scalar', 'null', {}, 400, 'invalid_events'],
    ['plain text', event, { type: 'text/plain' }, 415, 'unsupported_media_type'],
    ['a form', 'a=b', { type: 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['a multipart form', 'x', { type: 'multipart/form-data; boundary=x' }, 415, 'unsupported_media_type'],
    ['an invalid media type', event, { type: ';;;' }, 415, 'unsupported_media_type'],
    ['no media type', Buffer.from(event), { type: null }, 415, 'unsupported_media_type'],
    [
      'lines, where only JSON is accepted,',
      event,
      { path: '/api/metrics/commands', type: 'application/x-ndjson' },
      415,
      'unsupported_media_type',
    ],
    ['an unknown encoding', event, { encoding: 'zstd' }, 415, 'unsupported_encoding'],
    ['two encodings', gzipSync(gzipSync(event)), { encoding: 'gzip, gzip' }, 415, 'unsupported_encoding'],
    ['a truncated gzip', gzipSync(event).subarray(0, 25), { encoding: 'gzip' }, 400, 'malformed_encoding'],
    ['plain text sent as gzip', event, { encoding: 'gzip' }, 400, 'malformed_encoding'],
    ['gzip within gzip', gzipSync(gzipSync(event)), { encoding: 'gzip' }, 400, 'malformed_json'],
    ['1,001 events', `[${Array(1001).fill(event).join()}]`, {}, 413, 'batch_too_large'],
    ['1,001 lines', `${event}\n`.repeat(1001), { type: 'application/x-ndjson' }, 413, 'batch_too_large'],
    ['5 MiB and a byte', ' '.repeat(5 * MIB + 1), {}, 413, 'body_too_large'],
    ['50 MiB', Buffer.alloc(50 * MIB, ' '), {}, 413, 'body_too_large'],
    [
      '5 MiB and a byte, compressed',
      gzipSync(' '.repeat(5 * MIB + 1)),
      { encoding: 'gzip' },
      413,
      'body_too_large',
    ],
  ];
  it.each(refused)('of %s is refused', async (_what, body, options, status, code) => {
    expectProblem(await client.post(body, options), status, code);
  });

  it('of an unknown media type is refused with a list of the accepted types', async () => {
    const detailOf = async (path: string) =>
      (await client.post(event, { path, type: 'text/plain' })).body.detail;
    expect(await detailOf('/v1/events')).toBe(
      'Content-Type must be application/json, application/x-ndjson, application/ndjson, application/jsonl or application/jsonlines',
    );
    expect(await detailOf('/api/metrics/commands')).toBe('Content-Type must be application/json');
    const answer = await client.post('{}', { path: '/v1/users', type: 'application/x-ndjson' });
    expectProblem(answer, 415, 'unsupported_media_type');
  });

  it('over 5 MiB is refused even without a Content-Length', async () => {
    const chunks = Array.from({ length: 160 }, () => Buffer.alloc(64 * 1024, ' '));
    expectProblem(await client.sendChunked(chunks), 413, 'body_too_large');
  });

  it.each(['Application/JSON', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])(
    'of type %s is accepted',
    async (type) => {
      expect((await client.post(event, { type })).status).toBe(202);
    },
  );

  it('of exactly 5 MiB is accepted', async () => {
    const padded = event + ' '.repeat(5 * MIB - event.length);
    expect((await client.post(padded)).body).toMatchObject({ accepted: 1 });
    const list = `[${event},${' '.repeat(5 * MIB - 2 * event.length - 3)}${event}]`;
    expect((await client.post(list)).body).toMatchObject({ accepted: 2 });
  });
});

describe('a path', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('that is unknown: %s', async (method) => {
    const body = method === 'GET' || method === 'OPTIONS' ? undefined : Buffer.from('{}');
    expectProblem(await client.send({ method, path: '/v1/nothing?x=<b>' }, body), 404, 'not_found');
  });

  it.each([
    ['PUT', '/v1/events'],
    ['DELETE', '/v1/events'],
    ['OPTIONS', '/v1/events'],
    ['POST', '/health/live'],
    ['GET', '/api/metrics/sessions/start'],
  ])('with an unsupported method gets 404: %s %s', async (method, path) => {
    const answer = await client.send({ method, path });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expectProblem(answer, 404, 'not_found');
  });

  it.each([
    ['/%E0%A4%A', 400],
    ['/api/metrics/sessions/%FF', 400],
    [`/api/metrics/sessions/${'x'.repeat(4_000)}`, 414],
    ['/v1//events', 404],
    ['/v1/events/../../etc/passwd', 404],
    ['/docs/%2e%2e/%2e%2e/package.json', 404],
    ['/%00', 404],
  ])('that is malformed or unknown is refused: %s', async (path, status) => {
    const [answer] = await sendRaw(
      running.port,
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${running.caller.ingestKey}\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer!.status).toBe(status);
    expect(answer!.headers['content-type']).toMatch(/^application\/problem\+json/);
    expectProblemText(answer!.body);
  });

  it('answers HEAD without a body', async () => {
    for (const path of ['/health/live', '/v1/events', '/v1/nothing']) {
      const answer = await client.send({ method: 'HEAD', path });
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).toBe('');
    }
  });
});
