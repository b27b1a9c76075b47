import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Post } from './http-client.js';

export interface RandomBody extends Post {
  readonly body: Buffer;
}

type Random = (below: number) => number;

const PATHS = [
  '/v1/events',
  '/v1/events',
  '/v1/events',
  '/api/metrics/commands',
  '/api/metrics/agents',
  '/api/metrics/batch',
  '/api/metrics/sessions/start',
  '/api/analytics/ingest',
  '/api/v1/aggregator/metrics',
  '/api/v1/aggregator/metrics/batch',
  '/api/user-metrics',
];
const TYPES = [...Array<string>(12).fill('application/json'), 'application/x-ndjson', 'text/plain', ''];
const ENCODINGS = [...Array<string>(8).fill(''), 'gzip', 'deflate', 'br', 'identity', 'zstd'];
const WORDS =
  'events metrics command_executions type page_view id ts user_id session_id src payload page status context timestamp ' +
  '__proto__ constructor value device_name metric_name talked_time 2026-11-22T10:00:00Z 2026-02-30T24:00:60Z';
const FRAGMENTS = [
  ...'{}[],:"\\ \n\t0-1.eE+tfn\0',
  ...[
    '{"',
    '":',
    '"}',
    '[]',
    '{}',
    '\\u0000',
    '\\ud800',
    '1e999',
    'true',
    'null',
    '"":',
    '\ufeff',
    '😀',
    '\x80',
  ],
  ...WORDS.split(' ').map((word) => `"${word}"`),
];

/** The same bodies for the same seed. */
export function* randomBodies(seed: number, count: number): Generator<RandomBody> {
  const random = generator(seed);
  for (let i = 0; i < count; i++) {
    const encoding = pick(random, ENCODINGS);
    const body = bytes(random);
    yield {
      path: pick(random, PATHS),
      type: pick(random, TYPES) || null,
      encoding: encoding || undefined,
      // Half of them have the declared type and encoding.
      body: random(2) ? compress(body, encoding, random) : body,
    };
  }
}

/** mulberry32: good enough for tests, and reproducible. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;

function bytes(random: Random): Buffer {
  switch (random(4)) {
    case 0:
      return Buffer.from(Array.from({ length: random(200) }, () => random(256)));
    case 1:
      return Buffer.from(Array.from({ length: random(60) }, () => pick(random, FRAGMENTS)).join(''));
    default: {
      const text = Buffer.from(JSON.stringify(value(random, 4)));
      // One byte may be replaced.
      if (text.length > 0 && random(3) === 0) text[random(text.length)] = random(256);
      return text;
    }
  }
}

function value(random: Random, depth: number): unknown {
  switch (depth > 0 ? random(7) : random(3)) {
    case 0:
      return pick(random, WORDS.split(' '));
    case 1:
      return pick(random, [0, -1, 1.5, 1e300, 2 ** 53, -0, 200, null, true]);
    case 2:
      return pick(random, [
        '',
        'a',
        'é',
        '😀',
        '\ufffd',
        '\0',
        '\ud800',
        'x'.repeat(random(50) ? 300 : 40_000),
      ]);
    case 3:
      return Array.from({ length: random(4) }, () => value(random, depth - 1));
    case 4:
    case 5:
      return {
        type: 'page_view',
        ...(random(3) ? {} : object(random, 1)),
        payload: object(random, depth - 1),
      };
    default:
      return object(random, depth - 1);
  }
}

const object = (random: Random, depth: number): object =>
  Object.fromEntries(
    Array.from({ length: random(4) }, () => [pick(random, WORDS.split(' ')), value(random, depth)]),
  );

function compress(body: Buffer, encoding: string, random: Random): Buffer {
  switch (encoding) {
    case 'gzip':
      return gzipSync(body);
    case 'deflate':
      return random(2) ? deflateSync(body) : deflateRawSync(body);
    case 'br':
      return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    default:
      return body;
  }
}
