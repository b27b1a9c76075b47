import { gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Principal } from '#identity';
import { HttpClient, type Post } from '../../../../test/support/http-client.js';
import { ingestApp } from '../../../../test/support/ingest-app.js';
import { bodyCredential, queryCredential, schemeCredential } from '../auth/credential-place.js';
import { MAX_BODY_BYTES, MAX_UNKNOWN_CALLER_BYTES } from '../http/body-limits.js';
import { documentOf } from '../http/openapi/document.js';
import { decodeText } from './decode/decode-text.js';
import { jsonField } from './decode/json-field.js';
import { RefusedEvent } from './decode/refused-event.js';
import type { Dialect } from './dialects/dialect.js';
import { checkCount } from './dialects/event-list.js';
import { schemesOf } from './ingest.controller.js';

/** The decoded length in four bytes, then the text with its bytes inverted. */
const invert = (body: Buffer) => Buffer.from(body.map((byte) => ~byte & 0xff));
const inverted = (text: string, declared = text.length) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(declared);
  return Buffer.concat([length, invert(Buffer.from(text))]);
};

/** A dialect with every option: one line for each event, `!` for an invalid one. */
const linesDialect: Dialect = {
  method: ['POST', 'PUT'],
  path: ['/lines', '/hosts/:host/lines'],
  summary: 'Accepts lines.',
  bodies: { 'text/plain': { schema: { type: 'string' }, example: '/' } },
  accepts: (mediaType) => mediaType === '' || mediaType.startsWith('text/'),
  encodings: {
    inverted: {
      declaredLength: (body) => body.readUInt32BE(0),
      decode(body) {
        if (body.length < 5) throw new Error('nothing in it');
        return invert(body.subarray(4));
      },
    },
  },
  credentials: [
    schemeCredential('Token'),
    queryCredential('key'),
    bodyCredential('key', (body) => jsonField(body, 'key')),
  ],
  query: { src: { description: 'Source of the events.' } },
  headers: { 'x-user': { description: 'User of the events.', required: true } },
  limit: ({ body }) => (body.includes('\n') ? 'batch' : 'single'),
  decode({ body, maxEvents, query, headers, params }) {
    const lines = decodeText(body).split('\n');
    checkCount(lines.length, maxEvents);
    return lines.map((page) =>
      page === '!'
        ? new RefusedEvent('invalid_event', '', 'a bad line')
        : {
            ...{ type: 'page_view', user_id: headers['x-user'], session_id: params.host, src: query.src },
            payload: { page },
          },
    );
  },
  success: { status: 204, description: 'Accepted.' },
  partialSuccess: {
    status: 207,
    description: 'Some were accepted.',
    contentType: 'application/octet-stream',
    schema: { type: 'string' },
    render: ({ accepted, rejected }) => ({
      body: Buffer.from([accepted, rejected.length]),
      headers: { 'x-first': String(rejected[0]!.index) },
    }),
  },
  refusal: {
    contentType: 'text/plain; charset=utf-8',
    schema: { type: 'string' },
    render: ({ status, code }, { query }) => ({
      // Its clients know no 429.
      ...(status === 429 && { status: 503 }),
      body: `${code} ${query.src ?? ''}`,
      headers: { 'x-code': code },
    }),
  },
};

const principal = (subject: string, settings: Principal['settings'] = {}): Principal => ({
  organizationId: `00000000-0000-4000-8000-${subject.length.toString().padStart(12, '0')}`,
  subject,
  permissions: new Set(['ingest'] as const),
  settings: { rate_limits: { single: 0, batch: 0 }, ...settings },
  eventTypesRevision: 0,
});
const callers = new Map<string, Principal>([
  ['k', principal('key:k')],
  ['limited', principal('key:limited', { rate_limits: { single: 1, batch: 5 } })],
  ['reader', { ...principal('key:reader'), permissions: new Set(['read'] as const) }],
]);

let app: NestFastifyApplication;
let client: HttpClient;
let jobs = 0;
let isQueueAway = false;

beforeAll(async () => {
  const addJob = () => {
    if (isQueueAway) throw new Error('away');
    jobs++;
  };
  app = await ingestApp(linesDialect, { callers, addJob });
  client = new HttpClient(await app.getUrl(), '');
});
afterAll(() => app?.close());
beforeEach(() => {
  jobs = 0;
  isQueueAway = false;
});

const send = (body: string | Buffer, { headers, ...options }: Post = {}) =>
  client.post(body, {
    ...{ path: '/lines', type: 'text/plain', key: null, headers: { authorization: 'Token k', ...headers } },
    ...options,
  });
const sendWithoutCredential = (body: string | Buffer, options: Post = {}) =>
  client.post(body, { path: '/lines', type: 'text/plain', key: null, ...options });

describe('a dialect with custom answers', () => {
  it('answers a success and a partial success', async () => {
    const { status, text, headers } = await send('/a\n/b');
    expect([status, text, headers.get('content-type')]).toEqual([204, '', null]);
    const partial = await send('/a\n!\n/b');
    expect([partial.status, partial.text]).toEqual([207, '\x02\x01']);
    expect(Object.fromEntries(partial.headers)).toMatchObject({
      'x-first': '1',
      'content-type': 'application/octet-stream',
    });
    expect(jobs).toBe(2);
  });

  it.each(['/lines', '/hosts/h/lines', '/lines/'])('answers at %s, for each of its methods', async (path) => {
    for (const method of ['POST', 'PUT']) expect((await send('/a', { path, method })).status).toBe(204);
  });

  const wrong: [string, number, string, string | Buffer, Post][] = [
    ['no valid event', 400, 'invalid_events', '!', {}],
    ['too many events', 413, 'batch_too_large', '\n'.repeat(1000), {}],
    ['no credential', 401, 'unauthorized', '/a', { headers: { authorization: '' } }],
    ['a bad credential', 401, 'unauthorized', '/a', { headers: { authorization: 'Token x' } }],
    ['the native credential', 401, 'unauthorized', '/a', { headers: { authorization: 'Bearer k' } }],
    ['no permission', 403, 'forbidden', '/a', { headers: { authorization: 'Token reader' } }],
    ['another media type', 415, 'unsupported_media_type', '/a', { type: 'image/png' }],
    ['an invalid media type', 415, 'unsupported_media_type', '/a', { type: 'text/a/b' }],
    ['an unknown encoding', 415, 'unsupported_encoding', '/a', { encoding: 'zstd' }],
    ['a broken encoding', 400, 'malformed_encoding', '/a', { encoding: 'gzip' }],
    ['too many bytes', 413, 'body_too_large', Buffer.alloc(MAX_BODY_BYTES + 1), {}],
    ['a NUL in its text', 400, 'invalid_events', '/a\0', {}],
    ['a NUL in its path', 400, 'invalid_events', '/a', { path: '/hosts/a%00/lines' }],
    ['a NUL in its query', 400, 'invalid_events', '/a', { path: '/lines?src=%00' }],
    ['a header that is too long', 400, 'invalid_events', '/a', { headers: { 'x-user': 'u'.repeat(257) } }],
  ];
  it.each(wrong)('refuses %s', async (_what, status, code, body, options) => {
    const answer = await send(body, options);
    expect([answer.status, answer.text.split(' ')[0]]).toEqual([status, code]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-code': code,
    });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Token realm="millrace"' : null);
    expect(jobs).toBe(0);
  });

  it('renders an overload answer from the request, with Retry-After', async () => {
    isQueueAway = true;
    const { status, text, headers } = await send('/a', { path: '/lines?src=web' });
    expect([status, text, headers.get('retry-after')]).toEqual([503, 'queue_unavailable web', '2']);
  });

  it('answers a rate limit with its own status, counted per kind of request', async () => {
    const headers = { authorization: 'Token limited' };
    const answers = [];
    for (const body of ['/a', '/a', '/a\n/b']) answers.push(await send(body, { headers }));
    expect(answers.map(({ status, text }) => [status, text.split(' ')[0]])).toEqual([
      [204, ''],
      [503, 'rate_limited'],
      [204, ''],
    ]);
    expect(Object.fromEntries(answers[1]!.headers)).toMatchObject({
      'retry-after': '60',
      'ratelimit-remaining': '0',
    });
  });
});

describe('a request body', () => {
  it('may have any media type that the dialect accepts, or none', async () => {
    for (const type of ['text/csv', 'Text/Plain; charset=utf-8', null]) {
      expect([type, (await send('/a', { type })).status]).toEqual([type, 204]);
    }
  });

  it('is decoded by the dialect', async () => {
    const statusOf = async (body: Buffer, encoding: string) => (await send(body, { encoding })).status;
    expect(await statusOf(inverted('/a'), 'Inverted')).toBe(204);
    expect(await statusOf(gzipSync('/a'), 'gzip')).toBe(204);
    expect(await statusOf(inverted('/a', MAX_BODY_BYTES + 1), 'inverted')).toBe(413);
    expect(await statusOf(inverted(''), 'inverted')).toBe(400);
  });

  it('can contain the credential', async () => {
    const statusOf = async (key: string) => (await sendWithoutCredential(`{"key":"${key}"}`)).status;
    expect([await statusOf('k'), await statusOf('x'), await statusOf('reader')]).toEqual([204, 401, 403]);
    expect((await sendWithoutCredential('')).status).toBe(401);
    expect((await sendWithoutCredential('/a', { path: '/lines?key=k' })).status).toBe(204);
  });

  it('is read up to a lower limit while the caller is unknown', async () => {
    const lines = (bytes: number) => Buffer.from(`{"key":"k"}${'\n/'.repeat(20)}`.padEnd(bytes, ' '));
    const statusOf = async (body: Buffer, options?: Post) =>
      (await sendWithoutCredential(body, options)).status;
    // The last line is too large an event, the others are not.
    expect(await statusOf(lines(MAX_UNKNOWN_CALLER_BYTES))).toBe(207);
    expect(await statusOf(gzipSync(lines(MAX_UNKNOWN_CALLER_BYTES)), { encoding: 'gzip' })).toBe(207);
    const long = lines(MAX_UNKNOWN_CALLER_BYTES + 1);
    expect(await statusOf(long)).toBe(413);
    expect(await statusOf(gzipSync(long), { encoding: 'gzip' })).toBe(413);
    expect(await statusOf(long, { path: '/lines?key=k' })).toBe(207);
  });

  it('is cut off at that limit when sent in chunks, and the answer still arrives', async () => {
    const chunks = Array.from({ length: 160 }, () => Buffer.alloc(64 * 1024, ' '));
    const answer = await new HttpClient(client.url, '').sendChunked(chunks, {
      path: '/lines',
      type: 'text/plain',
    });
    expect([answer.status, answer.text.split(' ')[0]]).toEqual([413, 'body_too_large']);
  });
});

describe('OpenAPI', () => {
  it('documents the options of the dialect', () => {
    const document = documentOf(app, {}, schemesOf([linesDialect]));
    const { paths, components } = JSON.parse(JSON.stringify(document));
    expect(Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods as object)])).toEqual(
      expect.arrayContaining([
        ['/lines', ['post', 'put']],
        ['/hosts/{host}/lines', ['post', 'put']],
      ]),
    );
    const operation = paths['/hosts/{host}/lines'].put;
    expect(operation).toMatchObject({
      operationId: 'putHostsHostLines',
      'x-permission': ['ingest'],
      security: [{ 'authorization-token': [] }, { 'query-key': [] }],
      requestBody: { required: true, content: { 'text/plain': { example: '/' } } },
    });
    expect(
      operation.parameters.map((each: Record<string, unknown>) => [each.in, each.name, each.required]),
    ).toEqual(
      expect.arrayContaining([
        ['path', 'host', true],
        ['query', 'src', false],
        ['header', 'x-user', true],
      ]),
    );
    expect(Object.keys(operation.responses)).toEqual('204 207 400 401 403 413 415 503'.split(' '));
    expect(operation.responses[204].content).toBeUndefined();
    expect(Object.keys(operation.responses[400].content)).toEqual(['text/plain']);
    expect(operation.responses[503].headers).toHaveProperty('Retry-After');
    expect(operation).not.toHaveProperty('x-own-refusals');
    expect(components.securitySchemes).toMatchObject({
      'api-key': { in: 'header' },
      'query-key': { type: 'apiKey', in: 'query', name: 'key' },
    });
  });
});
