import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, expectProblem, HttpClient } from '../support/http-client.js';
import { startProber } from '../support/prober.js';
import { sendRaw } from '../support/raw-http.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { SlowClients } from '../support/slow-clients.js';

const ORIGIN = 'https://app.example.com';
const event = '{"type":"page_view"}';
/** Ten seconds for the headers, thirty for a whole request, two between checks, plus slack. */
const HEADERS_CUT_OFF_MS = [10_000, 20_000] as const;
const BODIES_CUT_OFF_MS = [30_000, 40_000] as const;

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi({ workers: 0, settings: { CORS_ORIGINS: `${ORIGIN},http://localhost:5173` } });
  client = new HttpClient(running.url, running.caller.ingestKey);
});
afterAll(() => running?.stop());
afterEach(async () => {
  expect((await client.post(event)).status).toBe(202);
  expect(running.api.output).not.toMatch(/"level":50/);
});

const SECURE = {
  'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': expect.stringMatching(/^max-age=\d+/),
};
function expectSecure(headers: Readonly<Record<string, string>>): void {
  expect(headers).toMatchObject(SECURE);
  expect(Object.keys(headers)).not.toContain('x-powered-by');
}
const expectSecureAnswer = (answer: Answer) => expectSecure(Object.fromEntries(answer.headers));

describe('security headers', () => {
  it.each<[string, number, () => Promise<Answer>]>([
    ['accepted events', 202, () => client.post(event)],
    ['an invalid body', 400, () => client.post('{')],
    ['a request without a key', 401, () => client.post(event, { key: null })],
    ['a key without the permission', 403, () => client.post(event, { key: running.caller.readKey })],
    ['an unknown path', 404, () => client.send({ path: '/nowhere' })],
    ['a malformed path', 400, () => client.send({ path: '/v1/event-types/%ff' })],
    ['an unknown media type', 415, () => client.post(event, { type: 'text/plain' })],
    ['a health check', 200, () => client.send({ path: '/health/live', key: null })],
    ['/openapi.json', 200, () => client.send({ path: '/openapi.json', key: null })],
  ])('are in the answer to %s', async (_what, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expectSecureAnswer(answer);
  });

  it('are in the answer to an invalid request', async () => {
    for (const text of ['hello\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n']) {
      const [answer] = await sendRaw(running.port, text);
      expectSecure(answer!.headers);
    }
  });

  it('let the pages load their own scripts, and nothing else', async () => {
    const authorization = `Basic ${Buffer.from(`x:${running.caller.adminKey}`).toString('base64')}`;
    for (const path of ['/docs', '/queues']) {
      const page = await client.send({ path, key: null, headers: { authorization } });
      expect(page.status).toBe(200);
      expectSecureAnswer(page);
      // Scripts are files that the API serves: the only inline script is data.
      expect(page.text).not.toMatch(/<script(?![^>]*(src=|type="application\/json"))/);
      const scripts = [...page.text.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, source]) => source!);
      expect(scripts.length).toBeGreaterThan(0);
      const base = /<base href="([^"]+)"/.exec(page.text)?.[1] ?? path;
      for (const source of scripts) {
        const url = new URL(source, new URL(base, running.url));
        expect(url.origin).toBe(running.url);
        const script = await client.send({ path: url.pathname, key: null, headers: { authorization } });
        expect([url.pathname, script.status]).toEqual([url.pathname, 200]);
        expect(script.headers.get('content-type')).toMatch(/javascript/);
      }
    }
  });
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    client.send({
      method: 'OPTIONS',
      key: null,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-api-key,content-type',
      },
    });

  it('may send a preflight without a key when configured', async () => {
    const answer = await preflight(ORIGIN);
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'X-API-Key, Authorization, Content-Type, Content-Encoding',
      vary: expect.stringMatching(/origin/i),
    });
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expectSecureAnswer(answer);
  });

  it('may read answers, including errors, when configured', async () => {
    for (const key of [running.caller.ingestKey, null]) {
      const answer = await client.post(event, { key, headers: { origin: ORIGIN } });
      expect(answer.status).toBe(key ? 202 : 401);
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After',
      );
    }
  });

  it.each([
    'https://evil.example',
    'null',
    `${ORIGIN}.evil.example`,
    'http://app.example.com',
    'https://app.example.com:444',
  ])('get no CORS headers unless configured: %s', async (origin) => {
    const answers = [await preflight(origin), await client.post(event, { headers: { origin } })];
    for (const answer of answers) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('get no CORS headers when no origin is configured', async () => {
    const other = await startApi({ workers: 0 });
    try {
      const there = new HttpClient(other.url, other.caller.ingestKey);
      const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' };
      const asked = await there.send({ method: 'OPTIONS', key: null, headers });
      expectProblem(asked, 404, 'not_found');
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await other.stop();
    }
  });
});

/** Expects that each client got a 408, within the given range of milliseconds. */
function expectCutOff({ outcomes }: SlowClients, count: number, [from, to]: readonly [number, number]): void {
  expect(outcomes.map(({ status }) => status)).toEqual(Array(count).fill(408));
  expect(Math.min(...outcomes.map(({ after }) => after))).toBeGreaterThanOrEqual(from);
  expect(Math.max(...outcomes.map(({ after }) => after))).toBeLessThan(to);
}

describe('other clients are answered without delay', () => {
  const HOLD_MS = 200;

  it('while hundreds send headers or bodies byte by byte, until these are cut off', async () => {
    const head = `POST /v1/events HTTP/1.1\r\nHost: x\r\nX-API-Key: ${running.caller.ingestKey}\r\nContent-Type: application/json\r\n`;
    const drip = (count: number, start: string, drop: string) =>
      new SlowClients(running.port, count, head + start, drop);
    const headers = drip(200, 'X-Slow: ', 'x');
    const bodies = drip(150, 'Content-Length: 1000\r\n\r\n[', ' ');
    const chunked = drip(150, 'Transfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n');
    const all = [headers, bodies, chunked];
    const prober = await startProber(`${running.url}/health/live`, running.api.pid);
    try {
      const deadline = Date.now() + BODIES_CUT_OFF_MS.at(-1)!;
      while (all.some(({ connected }) => connected > 0) && Date.now() < deadline) {
        const begun = performance.now();
        expect((await client.post(event)).status).toBe(202);
        expect(performance.now() - begun).toBeLessThan(1_000);
        await sleep(100);
      }
      const lap = await prober.lap();
      expect(lap.failures).toBe(0);
      expect(lap.longestHold).toBeLessThan(HOLD_MS);
      expectCutOff(headers, 200, HEADERS_CUT_OFF_MS);
      expectCutOff(bodies, 150, BODIES_CUT_OFF_MS);
      expectCutOff(chunked, 150, BODIES_CUT_OFF_MS);
    } finally {
      prober.stop();
      for (const clients of all) clients.stop();
    }
  });

  it('while an event with 10,000 keys is refused', async () => {
    const prober = await startProber(`${running.url}/health/live`, running.api.pid);
    try {
      const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key_${i}`, i]));
      const events = [{ type: 'page_view', payload: keys }, { type: 'page_view' }];
      for (let i = 0; i < 10; i++) {
        expect((await client.post(events)).body).toMatchObject({
          accepted: 1,
          rejected: [{ index: 0, code: 'event_too_large' }],
        });
        expectProblem(await client.post(keys), 400, 'invalid_events');
      }
      const lap = await prober.lap();
      expect(lap.failures).toBe(0);
      expect(lap.longestHold).toBeLessThan(HOLD_MS);
    } finally {
      prober.stop();
    }
  });

  it.each([
    ['a header of 10 MB', 'X-Long', 431],
    ['a key of 10 MB', 'X-API-Key', 401],
  ])('after %s', async (_what, name, status) => {
    const head = `GET /v1/events HTTP/1.1\r\nHost: x\r\n${name}: `;
    const long = (size: number) => Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'x')]);
    const [answer] = await sendRaw(running.port, [long(10_000_000), '\r\n\r\n']);
    // The server may close the connection before a client that keeps sending has read the answer.
    if (answer) expect(answer.status).toBe(status);
    const [first] = await sendRaw(running.port, long(20_000));
    expect(first?.status).toBe(status);
  });
});
