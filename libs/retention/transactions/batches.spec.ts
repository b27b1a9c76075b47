import fc from 'fast-check';
import { nextBatchSize } from './batches.js';

const size = fc.integer({ min: 1, max: 20_000 });
const took = fc.double({ min: 0, max: 60_000, noNaN: true });

describe('the size of the next batch', () => {
  it('grows at most twofold, shrinks at most to a quarter, and stays in bounds', () => {
    fc.assert(
      fc.property(size, took, (rows, ms) => {
        const next = nextBatchSize(rows, ms);
        expect(next).toBeGreaterThanOrEqual(Math.max(1, Math.floor(rows / 4)));
        expect(next).toBeLessThanOrEqual(Math.min(20_000, rows * 2));
        expect(Number.isInteger(next)).toBe(true);
      }),
    );
  });

  it('comes to take 0.4 s, however long a row takes', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.03, max: 100, noNaN: true }), size, (msPerRow, first) => {
        let rows = first;
        for (let batch = 0; batch < 20; batch++) rows = nextBatchSize(rows, rows * msPerRow);
        expect(rows * msPerRow).toBeLessThanOrEqual(400);
        expect(rows * msPerRow).toBeGreaterThan(200 - msPerRow);
      }),
    );
  });
});
