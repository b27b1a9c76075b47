import { releaseBody } from './release-body.js';

const LARGE = 64 * 1024;

it('empties a large body', () => {
  const body = Buffer.concat([Buffer.alloc(LARGE)]);
  releaseBody(body);
  expect([body.length, body.buffer.byteLength]).toEqual([0, 0]);
});

it.each([
  ['a small body', Buffer.alloc(LARGE - 1)],
  ['a body in shared memory', Buffer.alloc(LARGE + 1).subarray(1)],
])('leaves %s alone', (_what, body) => {
  const { length } = body;
  releaseBody(body);
  expect(body).toHaveLength(length);
});

it('takes no body for one', () => {
  expect(() => releaseBody(undefined)).not.toThrow();
});
