import fc from 'fast-check';
import { isTooOld, nextAttempt } from './retry-pauses.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('the pauses between attempts', () => {
  it('grow from five minutes to four hours, and end within three days of the plan', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4e12 }), fc.nat({ max: 30_000 }), (plannedAt, durationMs) => {
        const pauses: number[] = [];
        let now = plannedAt + durationMs;
        for (let attempts = 1; ; attempts++) {
          const next = nextAttempt(attempts, plannedAt, now);
          if (next === null) break;
          pauses.push(next - now);
          expect(isTooOld(plannedAt, next)).toBe(false);
          now = next + durationMs;
        }
        expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
        expect([pauses[0], pauses.at(-1)]).toEqual([5 * MINUTE_MS, 240 * MINUTE_MS]);
        expect(now - plannedAt).toBeGreaterThan(3 * DAY_MS - 241 * MINUTE_MS);
        expect(pauses.length).toBeLessThan(30);
      }),
    );
  });
});
