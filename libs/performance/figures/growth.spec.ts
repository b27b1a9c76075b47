import fc from 'fast-check';
import { comparedWith, daysUntilFull, growthPerDay } from './growth.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2026-11-27T04:50:00Z');
const hoursAgo = (hours: number) => NOW - hours * HOUR_MS;

describe('comparedWith', () => {
  it.each([
    ['nothing', [], null],
    ['reports that are too young', [0, 1, 22], null],
    ['one of the day before', [0, 24], 24],
    ['the oldest of the last week', [24, 72, 168, 192], 168],
    ['the newest, if all are older', [400, 192, 900], 192],
  ])('with %s', (_what, hours, expected) => {
    const found = comparedWith(hours.map(hoursAgo), NOW);
    expect(found).toBe(expected === null ? null : hoursAgo(expected));
  });
});

describe('growth', () => {
  it('leads to the day on which the disk is full', () => {
    const whole = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(
        whole,
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 14 }),
        whole,
        (size, daily, days, free) => {
          const perDay = growthPerDay(size, size + daily * days, days * DAY_MS);
          expect(perDay).toBe(daily);
          const until = daysUntilFull(free, perDay)!;
          // It still fits on that day, and not on the next.
          expect(until * daily).toBeLessThanOrEqual(free);
          expect((until + 1) * daily).toBeGreaterThan(free);
        },
      ),
    );
  });

  it('of a database that shrinks or rests fills no disk', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 0 }), fc.nat(), (perDay, free) => {
        expect(daysUntilFull(free, perDay)).toBeNull();
      }),
    );
  });
});
