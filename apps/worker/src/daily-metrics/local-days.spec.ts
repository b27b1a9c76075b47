import fc from 'fast-check';
import { endedDays, startBefore } from './local-days.js';

const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Auckland'];
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') });
const formats = new Map(
  ZONES.map((timeZone) => [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })]),
);
const dateIn = (epochMs: number, timeZone: string) => formats.get(timeZone)!.format(epochMs);

describe('endedDays', () => {
  it('are the days before today, each from its first to its last millisecond', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 1, max: 40 }), (now, zone, count) => {
        const days = endedDays(now, zone, count);
        expect(days).toHaveLength(count);
        for (const [i, { date, from, to }] of days.entries()) {
          expect([from, to - 1].map((instant) => dateIn(instant, zone))).toEqual([date, date]);
          expect([from - 1, to].map((instant) => dateIn(instant, zone))).not.toContain(date);
          if (i > 0) expect(from).toBe(days[i - 1]!.to);
        }
        expect(dateIn(days.at(-1)!.to, zone)).toBe(dateIn(now, zone));
        expect(days.at(-1)!.to).toBeLessThanOrEqual(now);
        expect(startBefore(days.at(-1)!, count - 1, zone)).toBe(days[0]!.from);
      }),
    );
  });
});
