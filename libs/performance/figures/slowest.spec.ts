import fc from 'fast-check';
import { slowest } from './slowest.js';

const timed = fc.array(fc.record({ avg_ms: fc.nat(50), total_ms: fc.nat(50) }), { maxLength: 30 });

it('keeps what nothing left out beats, in the order of all of the time', () => {
  fc.assert(
    fc.property(timed, fc.integer({ min: 1, max: 5 }), (all, count) => {
      const kept = slowest(all, count);
      expect(kept.length).toBeLessThanOrEqual(2 * count);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, all.length));
      for (const out of all.filter((one) => !kept.includes(one))) {
        for (const by of ['avg_ms', 'total_ms'] as const)
          expect(kept.filter((one) => one[by] >= out[by]).length).toBeGreaterThanOrEqual(count);
      }
      expect(kept.map(({ total_ms }) => total_ms)).toEqual(
        kept.map(({ total_ms }) => total_ms).sort((a, b) => b - a),
      );
    }),
  );
});
