import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectProblemText, HttpClient } from '../support/http-client.js';
import { sendRaw } from '../support/raw-http.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const event = '{"type":"page_view"}';
const json = 'Content-Type: application/json\r\n';
let running: RunningApi;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
});
afterAll(() => running?.stop());
afterEach(async () => {
  const client = new HttpClient(running.url, running.caller.ingestKey);
  expect((await client.post(event)).status).toBe(202);
  expect(running.api.output).not.toMatch(/"level":[56]0/);
});

/** A hand-written request; the caller adds the header for the length of the body. */
const request = (headers: string, body = '', start = 'POST /v1/events') =>
  `${start} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${running.caller.ingestKey}\r\n${headers}\r\n${body}`;
const post = (body: string, headers = '') =>
  request(`${json}Content-Length: ${Buffer.byteLength(body)}\r\n${headers}`, body);
const statuses = async (text: string | Buffer | (string | Buffer)[], answers = 1) =>
  (await sendRaw(running.port, text, { answers })).map(({ status }) => status);

describe('an invalid request', () => {
  it.each([
    ['text', () => 'hello world\r\n\r\n', 400],
    ['binary data', () => '\0\x01\x02\xff\r\n\r\n', 400],
    ['TLS', () => '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
    ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an unknown method', () => 'FOO /v1/events HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a header without a name', () => request(': x\r\n'), 400],
    ['a header with a line feed in it', () => request('X-Y: a\nb\r\n'), 400],
    ['headers over 16 KiB', () => request(`X-Y: ${'y'.repeat(20_000)}\r\n`), 431],
    ['a path over 16 KiB', () => request('', '', `GET /${'y'.repeat(20_000)}`), 431],
    ['a negative length', () => request(`${json}Content-Length: -1\r\n`), 400],
    ['an invalid length', () => request(`${json}Content-Length: 1e3\r\n`), 400],
    ['two lengths', () => request(`${json}Content-Length: 2\r\nContent-Length: 3\r\n`, '{}'), 400],
    [
      'a length together with chunks',
      () => request(`${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n`, '2\r\n{}\r\n0\r\n\r\n'),
      400,
    ],
    ['an invalid chunk', () => request(`${json}Transfer-Encoding: chunked\r\n`, 'zz\r\n{}\r\n'), 400],
    ['an unknown expectation', () => post(event, 'Expect: wonders\r\n'), 417],
  ])('with %s gets a problem document', async (_what, text, status) => {
    const [answer] = await sendRaw(running.port, Buffer.from(text(), 'latin1'));
    // The parser of Node.js 20.19.0 lets a header without a name pass; then the API itself refuses the empty request.
    const contentType = expect.stringMatching(/^application\/problem\+json/);
    expect(answer).toMatchObject({ status, headers: { 'content-type': contentType } });
    expectProblemText(answer!.body);
  });

  it('that stays empty or incomplete gets no answer', async () => {
    expect(await sendRaw(running.port, '', { timeoutMs: 200 })).toEqual([]);
    expect(await sendRaw(running.port, 'POST /v1/ev', { timeoutMs: 200 })).toEqual([]);
  });
});

describe('a connection', () => {
  it('accepts pipelined requests', async () => {
    expect(await statuses(post(event).repeat(20), 20)).toEqual(Array(20).fill(202));
  });

  it('stays usable after a refused request', async () => {
    const bad = [
      post('{'),
      post('[]'),
      post(event).replace(json, 'Content-Type: text/plain\r\n'),
      post(event).replace(/X-API-Key: .*\r\n/, ''),
      post(event, 'Content-Encoding: gzip\r\n'),
      post(event, 'Content-Encoding: rot13\r\n'),
      request(`Content-Length: ${event.length}\r\n`, event, 'POST /nowhere'),
    ];
    const expected = [400, 400, 415, 401, 400, 415, 404];
    for (const [i, text] of bad.entries()) {
      expect(await statuses([text, post(event)], 2)).toEqual([expected[i], 202]);
    }
  });

  it('stays usable after a body that is too long, and delivers the 413', async () => {
    const long = Buffer.alloc(8 * 1024 * 1024, ' ');
    const head = request(`${json}Content-Length: ${long.length}\r\n`);
    expect(await statuses([head, long, post(event)], 2)).toEqual([413, 202]);
  });

  it('may send Expect: 100-continue', async () => {
    expect(await statuses(post(event, 'Expect: 100-continue\r\n'))).toEqual([202]);
  });

  it('may use chunks with extensions and trailers', async () => {
    const chunked = `${json}Transfer-Encoding: chunked\r\n`;
    const body = `a;x=y\r\n${event.slice(0, 10)}\r\n${(event.length - 10).toString(16)}\r\n${event.slice(10)}\r\n0\r\nX-T: 1\r\n\r\n`;
    expect(await statuses(request(chunked, body))).toEqual([202]);
  });

  it('may use HTTP/1.0', async () => {
    expect(await statuses(post(event).replace('HTTP/1.1', 'HTTP/1.0'))).toEqual([202]);
  });

  it('is served despite odd headers', async () => {
    const odd =
      'X-Forwarded-For: <script>\r\nAccept: nothing/at-all\r\nCookie: a=b; c\r\nOrigin: null\r\n' +
      'Range: bytes=5-1\r\nIf-None-Match: *\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
    expect(await statuses(post(event, odd))).toEqual([202]);
  });

  it('is refused with two API keys', async () => {
    expect(await statuses(post(event, 'X-API-Key: another\r\n'))).toEqual([401]);
  });

  it('may break off at any byte of a request', async () => {
    const text = post(event);
    for (let cut = 1; cut < text.length; cut += 7) {
      const socket = connect(running.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(text.slice(0, cut));
      await sleep(1);
      if (cut % 2) socket.resetAndDestroy();
      else socket.destroy();
    }
    const half = request(`${json}Content-Length: 100000\r\nExpect: 100-continue\r\n`, '[');
    await Promise.all(Array.from({ length: 50 }, () => sendRaw(running.port, half, { timeoutMs: 100 })));
  });

  it('may half-close early, with or without an answer', async () => {
    expect((await sendRaw(running.port, post(event), { halfClose: true })).length).toBeLessThanOrEqual(1);
  });

  it('is served within a second beside 500 idle ones', async () => {
    const idle = Array.from({ length: 500 }, () => connect(running.port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => {}).write('POST /v1/events HTTP/1.1\r\nHost: x\r\n');
    await sleep(100);
    const begun = performance.now();
    expect(await statuses(post(event))).toEqual([202]);
    expect(performance.now() - begun).toBeLessThan(1_000);
    for (const socket of idle) socket.destroy();
  });
});
