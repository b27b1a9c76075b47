import fc from 'fast-check';
import { countBetween, localBounds, startOfUtcDay, utcBounds } from './event-counts.js';
import { endedDays, startBefore } from './local-days.js';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-10-27T09:00:00Z');
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Auckland',
);
const events = fc.array(fc.integer({ min: NOW - 40 * DAY_MS, max: NOW }), { minLength: 50 });

const within = (list: readonly number[], from: number, to: number) =>
  list.filter((instant) => instant >= from && instant < to).length;
const counted = (bounds: readonly number[], list: readonly number[]) => ({
  bounds,
  counts: bounds.slice(1).map((bound, i) => within(list, bounds[i]!, bound)),
});

describe('events of a day and of the days before', () => {
  it('are counted once each, by whole UTC days and the rest of one', () => {
    fc.assert(
      fc.property(zones, events, (zone, list) => {
        const days = endedDays(NOW, zone, 3);
        const first = startBefore(days[0]!, 29, zone);
        const whole = counted(utcBounds(first, startOfUtcDay(days.at(-1)!.from)), list);
        const local = counted(localBounds(days), list);
        for (const day of days) {
          const since = startOfUtcDay(startBefore(day, 29, zone));
          const start = startOfUtcDay(day.from);
          expect(countBetween(local, day.from, day.to)).toBe(within(list, day.from, day.to));
          expect(countBetween(whole, since, start) + countBetween(local, start, day.from)).toBe(
            within(list, since, day.from),
          );
        }
      }),
    );
  });
});
