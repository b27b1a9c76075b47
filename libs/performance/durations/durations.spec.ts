import fc from 'fast-check';
import { DURATION_BOUNDS, shareBelow } from './durations.js';

it('is the first bound that covers the share', () => {
  const seconds = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(seconds, (all) => {
      const below = (bound: number) => all.filter((one) => one <= bound).length;
      const p95 = [...all].sort((a, b) => a - b)[Math.ceil(0.95 * all.length) - 1]!;
      const bound = DURATION_BOUNDS.find((one) => one >= p95);
      expect(shareBelow(0.95, [...DURATION_BOUNDS.map(below), all.length])).toBe(
        bound === undefined ? null : bound * 1000,
      );
    }),
  );
});
