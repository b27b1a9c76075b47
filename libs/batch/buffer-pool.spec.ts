import { BufferPool } from './buffer-pool.js';

const KIB = 1024;

describe('BufferPool', () => {
  it('reuses the memory of released bytes, for one owner at a time', () => {
    const pool = new BufferPool();
    const first = pool.lend(100 * KIB);
    first.bytes.fill(7);
    first.release();
    const [second, third] = [pool.lend(110 * KIB).bytes, pool.lend(100 * KIB).bytes];
    expect([second.length, third.length]).toEqual([110 * KIB, 100 * KIB]);
    expect([second[0], third[0]]).toEqual([7, 0]);
    expect(second.buffer).not.toBe(third.buffer);
  });

  it('never lends less than requested', () => {
    const pool = new BufferPool();
    pool.lend(20 * KIB).release();
    expect(pool.lend(500 * KIB).bytes).toHaveLength(500 * KIB);
  });

  it('keeps only large buffers, not huge ones, and at most eight', () => {
    const pool = new BufferPool();
    const reused = (length: number, times: number) => {
      const lent = Array.from({ length: times }, () => pool.lend(length));
      for (const { bytes } of lent) bytes.fill(7);
      for (const bytes of lent) bytes.release();
      const again = Array.from({ length: times }, () => pool.lend(length).bytes);
      return again.filter((bytes) => bytes.buffer.byteLength >= length && bytes[0] === 7).length;
    };
    expect(reused(3 * KIB * KIB, 1)).toBe(0);
    expect(reused(64 * KIB, 20)).toBe(8);
  });
});

describe.each([10, 100 * KIB])('%i released bytes', (length) => {
  it('can be neither read nor released again', () => {
    const lent = new BufferPool().lend(length);
    lent.release();
    expect(() => lent.bytes).toThrow('released');
    expect(() => lent.release()).toThrow('released before');
  });
});

it('makes released memory unreadable through an old buffer', () => {
  const pool = new BufferPool();
  const lent = pool.lend(100 * KIB);
  const stale = lent.bytes.subarray(0, 8);
  lent.release();
  expect(stale).toHaveLength(0);
  expect(() => stale.readInt32BE(0)).toThrow('outside buffer bounds');
});
