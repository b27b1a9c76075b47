import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { expectProblem, HttpClient, type Post } from '../support/http-client.js';
import { type Prober, startProber } from '../support/prober.js';
import { randomBodies } from '../support/random-bodies.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const MIB = 1024 * 1024;
const FULL = 5 * MIB;
/** The event loop is never blocked for longer than this, in milliseconds. */
const LONGEST_MS = 200;

let running: RunningApi;
let client: HttpClient;
let prober: Prober;
let bomb: Buffer;
const figures: string[] = [];

beforeAll(async () => {
  [running, bomb] = await Promise.all([startApi({ workers: 0 }), gzipOfZeros(1024 * MIB)]);
  client = new HttpClient(running.url, running.caller.ingestKey);
  prober = await startProber(`${running.url}/health/live`, running.api.pid);
  // Warm up: code that runs for the first time is slow for other reasons.
  for (let i = 0; i < 3; i++)
    await client.post(Array(1000).fill({ type: 'page_view', payload: { page: '/' } }));
});
afterAll(async () => {
  prober?.stop();
  process.stdout.write(`${figures.join('\n')}\n`);
  await running?.stop();
});

async function gzipOfZeros(bytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const zeros = Buffer.alloc(4 * MIB);
  for (let written = 0; written < bytes; written += zeros.length) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await new Promise((resolve) => gzip.once('end', resolve));
  return Buffer.concat(chunks);
}

/** What blocks the event loop does so in every run; a stall of the machine does not. */
const RUNS = 3;

/** Runs an attack while another process polls /health/live; again, if the event loop seemed blocked for too long. */
async function underProbe(name: string, attack: () => Promise<void>): Promise<void> {
  let longestHold = Number.POSITIVE_INFINITY;
  for (let run = 1; run <= RUNS && longestHold >= LONGEST_MS; run++) {
    longestHold = await holdOf(name, attack);
  }
  expect(longestHold).toBeLessThan(LONGEST_MS);
}

/** @returns milliseconds for which an attack blocked the event loop at most */
async function holdOf(name: string, attack: () => Promise<void>): Promise<number> {
  const before = running.api.memory();
  await prober.lap();
  await attack();
  const { count, failures, slowest, longestHold } = await prober.lap();
  const { now, peak } = running.api.memory();
  const memory = [before.now, now, peak].map((mib) => mib.toFixed(0));
  figures.push(
    `${name}: event loop held for ${longestHold.toFixed(0)} ms at most (slowest of ${count} answers ` +
      `${slowest.toFixed(0)} ms), memory ${memory[0]} → ${memory[1]} MiB, peak ${memory[2]}`,
  );
  expect(running.api.isRunning).toBe(true);
  expect(running.api.output).not.toMatch(/"level":[56]0/);
  expect(failures).toBe(0);
  return longestHold;
}

const view = (payload: string) => `{"type":"page_view","payload":${payload}}`;
const numbered = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join();
/** An item repeated as often as fits in a body. */
const filled = (start: string, item: string, end: string) =>
  start + item.repeat(Math.floor((FULL - start.length - end.length) / item.length)) + end;

describe('a hostile body', () => {
  const bodies: [name: string, body: () => string | Buffer, options?: Post][] = [
    ['brackets', () => '['.repeat(FULL)],
    ['closed brackets', () => '['.repeat(FULL / 2) + ']'.repeat(FULL / 2)],
    ['braces', () => '{"a":'.repeat(FULL / 5)],
    ['an event of brackets', () => view('['.repeat(FULL / 2 - 50) + ']'.repeat(FULL / 2 - 50))],
    ['empty lists', () => filled('[', '[],', '[]]')],
    ['empty objects', () => filled('[', '{},', '{}]')],
    ['an event of empty lists', () => filled('[{"type":"page_view","payload":{"x":[', '[],', '0]}}]')],
    ['empty lists in an envelope', () => filled('{"events":[', '[],', '0]}')],
    ['numbers', () => filled('[', '1,', '1]')],
    ['empty lines', () => '\n'.repeat(FULL), { type: 'application/x-ndjson' }],
    ['invalid lines', () => '[\n'.repeat(FULL / 2), { type: 'application/x-ndjson' }],
    ['one long line', () => `"${'x'.repeat(FULL - 2)}"`, { type: 'application/x-ndjson' }],
    ['quotes', () => '"'.repeat(FULL)],
    ['backslashes', () => `["${'\\'.repeat(FULL - 4)}"]`],
    ['commas', () => `[${','.repeat(FULL - 2)}]`],
    ['colons', () => `{${':'.repeat(FULL - 2)}}`],
    ['0xff', () => Buffer.alloc(FULL, 0xff)],
    ['NUL', () => Buffer.alloc(FULL)],
    ['one string', () => view(`{"x":"${'é'.repeat(FULL / 2 - 60)}"}`)],
    ['one number', () => view(`{"x":${'9'.repeat(FULL - 60)}}`)],
    ['escapes', () => filled('[{"type":"page_view","payload":{"x":"', '\\u0041', '"}}]')],
    ['one key', () => view(`{"${'k'.repeat(FULL - 60)}":1}`)],
    ['100,000 keys', () => view(`{${numbered(100_000, (i) => `"k${i}":${i}`)}}`)],
    ['450,000 keys', () => `{${numbered(450_000, (i) => `"${i.toString(36)}":1`)}}`],
    [
      '450,000 fields in a batch',
      () => `{${numbered(450_000, (i) => `"${i.toString(36)}":1`)}}`,
      { path: '/api/metrics/batch' },
    ],
    [
      'a new key in each object',
      () => view(`{"x":[${numbered(350_000, (i) => `{"${i.toString(36)}":1}`)}]}`),
    ],
    [
      'a new key in each event',
      () =>
        `[${numbered(1000, (i) => view(`{${numbered(350, (k) => `"${(350 * i + k).toString(36)}x":1`)}}`))}]`,
    ],
    ['deep events', () => `[${numbered(1000, () => view(`{"x":${'['.repeat(2500)}${']'.repeat(2500)}}`))}]`],
    ['wide events', () => `[${numbered(1000, () => view(`{"x":[${'[],'.repeat(1650)}0]}`))}]`],
    [
      'legitimate events',
      () => `[${numbered(1000, (i) => view(`{"page":"/${i}","x":"${'y'.repeat(5150)}"}`))}]`,
    ],
    ['numeric keys', () => view(`{${numbered(300_000, (i) => `"${i * 13}":1`)}}`)],
    ['the same key', () => filled('[{"type":"page_view","payload":{', '"__proto__":{},', '"a":1}}]')],
    ['white space', () => ' '.repeat(FULL)],
  ];

  const rows = bodies.map(([name, make, options = {}]) => [name, make, options] as const);
  it.each(rows)(
    'of 5 MiB of %s is answered without blocking other requests',
    async (name, make, options) => {
      const body = make();
      expect(body.length).toBeLessThanOrEqual(FULL);
      await underProbe(name, async () => {
        const answers = await Promise.all([1, 2].map(() => client.post(body, options)));
        for (const answer of answers) {
          expect([200, 202, 400, 413]).toContain(answer.status);
          if (answer.status >= 400) expectProblem(answer, answer.status, answer.body.code!);
          expect(answer.text.length).toBeLessThan(500_000);
        }
      });
    },
    20_000,
  );
});

describe('a compressed bomb', () => {
  it.each([
    ['gzip', () => bomb],
    ['deflate', () => deflateSync(Buffer.alloc(200 * MIB))],
    [
      'br',
      () => brotliCompressSync(Buffer.alloc(200 * MIB), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    ],
  ])(
    'in %s is refused without decompressing all of it',
    async (encoding, make) => {
      const body = make();
      const before = running.api.memory().now;
      await underProbe(
        `bomb of ${encoding} (${(body.length / 1024).toFixed(0)} KiB), ten times at once`,
        async () => {
          const answers = await Promise.all(
            Array.from({ length: 10 }, () => client.post(body, { encoding })),
          );
          for (const answer of answers) expectProblem(answer, 413, 'body_too_large');
        },
      );
      expect(running.api.memory().now - before).toBeLessThan(150);
    },
    30_000,
  );

  it('sent in chunks is refused', async () => {
    const chunks = Array.from({ length: 16 }, (_, i) =>
      bomb.subarray((i * bomb.length) / 16, ((i + 1) * bomb.length) / 16),
    );
    expectProblem(await client.sendChunked(chunks, { encoding: 'gzip' }), 413, 'body_too_large');
  });

  it('inside another bomb is refused', async () => {
    const answer = await client.post(gzipSync(bomb), { encoding: 'gzip' });
    expect([400, 413]).toContain(answer.status);
  });
});

describe('10,000 random bodies', () => {
  it('never cause a 5xx', async () => {
    const seed = Number(process.env.MILLRACE_SEED ?? Date.now() % 1_000_000_000);
    const statuses = new Map<number, number>();
    const wrong: string[] = [];
    await underProbe(`10,000 random bodies, seed ${seed}`, async () => {
      statuses.clear();
      const bodies = randomBodies(seed, 10_000);
      const work = async () => {
        for (const { body, ...options } of bodies) {
          const { status, text, headers } = await client.post(body, options);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const type = headers.get('content-type')?.split(';')[0];
          const expected = status < 400 ? 'application/json' : 'application/problem+json';
          if (status >= 500 || type !== expected)
            wrong.push(`${status} ${text} for ${body.toString('base64')}`);
        }
      };
      await Promise.all(Array.from({ length: 16 }, work));
    });
    figures.push(
      `random bodies: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')}`,
    );
    expect(wrong).toEqual([]);
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
    // Some of the bodies are valid: not everything is refused at the first byte.
    const accepted = [200, 201, 202].map((status) => statuses.get(status) ?? 0);
    expect(accepted.reduce((sum, count) => sum + count)).toBeGreaterThan(100);
  });
});
