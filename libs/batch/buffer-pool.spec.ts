import { BufferPool } from './buffer-pool.js';

const KIB = 1024;

describe('BufferPool', () => {
  it('lends what was given back, to one at a time', () => {
    const pool = new BufferPool();
    const first = pool.take(100 * KIB);
    expect(first).toHaveLength(100 * KIB);
    pool.give(first);
    const [second, third] = [pool.take(110 * KIB), pool.take(100 * KIB)];
    expect(second).toHaveLength(110 * KIB);
    expect(second.buffer).toBe(first.buffer);
    expect(third.buffer).not.toBe(first.buffer);
  });

  it('takes the same buffer back only once', () => {
    const pool = new BufferPool();
    const buffer = pool.take(100 * KIB);
    pool.give(buffer);
    pool.give(buffer);
    expect(pool.take(100 * KIB).buffer).not.toBe(pool.take(100 * KIB).buffer);
  });

  it('never lends less than is asked for', () => {
    const pool = new BufferPool();
    pool.give(pool.take(20 * KIB));
    expect(pool.take(500 * KIB)).toHaveLength(500 * KIB);
  });

  it('keeps only what is large, not huge, and not too many', () => {
    const pool = new BufferPool();
    for (const length of [1, 10 * KIB, 3 * KIB * KIB]) {
      const buffer = pool.take(length);
      pool.give(buffer);
      expect(pool.take(length)).not.toBe(buffer);
    }
    const lent = Array.from({ length: 20 }, () => pool.take(64 * KIB));
    for (const buffer of lent) pool.give(buffer);
    const memories = new Set(lent.map(({ buffer }) => buffer));
    const again = Array.from({ length: 20 }, () => pool.take(64 * KIB));
    expect(again.filter(({ buffer }) => memories.has(buffer))).toHaveLength(8);
  });
});
