import fc from 'fast-check';
import { SlidingMinute } from './sliding-minute.js';

const MINUTE_MS = 60_000;

describe('SlidingMinute', () => {
  it('begins with everything since the start', () => {
    const minute = new SlidingMinute({ hits: 2 }, 1_000);
    expect(minute.growth({ hits: 5 }, 2_000)).toEqual({ hits: 3 });
    expect(minute.growth({ hits: 9 }, 60_999)).toEqual({ hits: 7 });
  });

  it('forgets what is older than a minute', () => {
    const minute = new SlidingMinute({ hits: 0 }, 0);
    minute.growth({ hits: 10 }, 5_000);
    expect(minute.growth({ hits: 11 }, 65_000)).toEqual({ hits: 1 });
    expect(minute.growth({ hits: 11 }, 200_000)).toEqual({ hits: 0 });
    expect(minute.growth({ hits: 11 }, 200_000)).toEqual({ hits: 0 });
  });

  it('counts all of the last minute, and nothing from more than an interval before it', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const minute = new SlidingMinute({ a: 0, b: 0 }, 0);
        const events: { at: number; count: number }[] = [];
        const asked = [0];
        let [at, total] = [0, 0];
        for (const [wait, count] of all) {
          // The events of a step happen just before it is asked about.
          [at, total] = [at + wait, total + count];
          events.push({ at, count });
          asked.push(at);
          const { a, b } = minute.growth({ a: total, b: 2 * total }, at);
          const since = (start: number) =>
            events.reduce((sum, event) => (event.at > start ? sum + event.count : sum), 0);
          const begin = asked.findLast((instant) => instant <= at - MINUTE_MS) ?? Number.NEGATIVE_INFINITY;
          expect(a).toBeGreaterThanOrEqual(since(at - MINUTE_MS));
          expect(a).toBeLessThanOrEqual(since(begin - 1));
          expect(b).toBe(2 * a);
        }
      }),
    );
  });
});
