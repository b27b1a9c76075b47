import fc from 'fast-check';
import { dueSlots } from './due-slots.js';
import { intervalSchedule, latestSlots, nextSlot, parseSchedule } from './schedule.js';

const at = (iso: string) => Date.parse(iso);

/** The first slots after an instant, computed one by one, as by a replica that restarts each time. */
function slotsFrom(cron: string, timeZone: string, after: string, count: number): string[] {
  const schedule = parseSchedule(cron, timeZone);
  const slots: number[] = [];
  while (slots.length < count) slots.push(nextSlot(schedule, slots.at(-1) ?? at(after)));
  return slots.map((slot) => new Date(slot).toISOString().slice(0, 16));
}

describe('slots', () => {
  it.each([
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24',
      ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2027-03-27',
      ['2027-03-27T01:30', '2027-03-28T01:30', '2027-03-29T00:30'],
    ],
    ['30 1 * * *', 'America/New_York', '2026-11-01', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['30 2 * * *', 'America/New_York', '2027-03-13T12:00', ['2027-03-14T07:30', '2027-03-15T06:30']],
    [
      '0 6 * * 1',
      'America/New_York',
      '2026-10-25',
      ['2026-10-26T10:00', '2026-11-02T11:00', '2026-11-09T11:00'],
    ],
    [
      '0 6 * * 1',
      'Europe/Berlin',
      '2026-10-18',
      ['2026-10-19T04:00', '2026-10-26T05:00', '2026-11-02T05:00'],
    ],
    [
      '0 6 * * 1',
      'Europe/Berlin',
      '2027-03-21',
      ['2027-03-22T05:00', '2027-03-29T04:00', '2027-04-05T04:00'],
    ],
  ])('"%s" in %s occur once when the clock changes', (cron, zone, after, slots) => {
    expect(slotsFrom(cron, zone, `${after}Z`.replace(/^(.{10})Z/, '$1T00:00Z'), slots.length)).toEqual(slots);
  });

  it('of every hour continue through a clock change', () => {
    const hours = (day: string) => slotsFrom('0 * * * *', 'Europe/Berlin', `${day}T22:30Z`, 6);
    const expected = ['23:00', '00:00', '01:00', '02:00', '03:00', '04:00'];
    expect(hours('2026-10-24').map((slot) => slot.slice(11))).toEqual(expected);
    expect(hours('2027-03-27').map((slot) => slot.slice(11))).toEqual(expected);
  });

  it('of the last day of the month respect its length', () => {
    expect(slotsFrom('0 0 L * *', 'UTC', '2028-01-15T00:00Z', 3)).toEqual([
      '2028-01-31T00:00',
      '2028-02-29T00:00',
      '2028-03-31T00:00',
    ]);
    expect(slotsFrom('0 0 31 * *', 'UTC', '2027-02-01T00:00Z', 3)).toEqual([
      '2027-03-31T00:00',
      '2027-05-31T00:00',
      '2027-07-31T00:00',
    ]);
  });

  it('are the same from any starting point', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'America/Santiago', 'UTC'];
    const crons = ['30 2 * * *', '*/20 1-3 * * *', '15 * * * *', '0 0 * * *', '45 1 * * 0'];
    const changes = ['2026-10-25', '2026-11-01', '2027-03-14', '2027-03-28', '2027-04-04', '2026-09-06'];
    const minute = 60_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...crons),
        fc.constantFrom(...changes),
        fc.integer({ min: -1440, max: 2 * 1440 }),
        (zone, cron, change, minutes) => {
          const schedule = parseSchedule(cron, zone);
          const after = at(change) + minutes * minute;
          const all = latestSlots(schedule, 1000, at(change) - 9 * 1440 * minute, after + 9 * 1440 * minute);
          expect(nextSlot(schedule, after)).toBe(all.find((slot) => slot > after));
          expect(latestSlots(schedule, 1, 0, after)).toEqual(all.filter((slot) => slot <= after).slice(-1));
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each([
    ['* * * *', 'UTC', 'not a cron expression of five fields'],
    ['0 0 0 * * *', 'UTC', 'not a cron expression of five fields'],
    ['H * * * *', 'UTC', 'not a cron expression of five fields'],
    ['61 * * * *', 'UTC', 'expected range 0-59'],
    ['0 0 31 2 *', 'UTC', 'day of month'],
    ['* * * * *', 'Europe/Atlantis', 'Europe/Atlantis'],
  ])('"%s" in %s is refused', (cron, zone, reason) => {
    expect(() => parseSchedule(cron, zone)).toThrow(reason);
  });
});

describe('slots of an interval', () => {
  it('are its multiples since the epoch, whenever and from wherever one asks', () => {
    const instants = fc.integer({ min: 0, max: at('2100-01-01T00:00Z') });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), instants, fc.nat(50), (seconds, after, count) => {
        const schedule = intervalSchedule(seconds);
        const step = seconds * 1000;
        const next = nextSlot(schedule, after);
        expect([next % step, next > after, next - step <= after]).toEqual([0, true, true]);
        const latest = latestSlots(schedule, count + 1, next - 1 - count * step, next + count * step);
        expect(latest).toEqual(Array.from({ length: count + 1 }, (_, i) => next + i * step));
      }),
    );
  });

  it.each([0, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('are not every %d seconds', (seconds) => {
    expect(() => intervalSchedule(seconds)).toThrow('not a whole number of seconds');
  });
});

describe('due slots', () => {
  const daily = parseSchedule('0 6 * * *');
  const due = (catchUp: number, since: string, now: string) =>
    dueSlots({ schedule: daily, catchUp }, at(since), at(now)).map((slot) =>
      new Date(slot).toISOString().slice(0, 16),
    );

  it('are those since the last slot, including the end', () => {
    expect(due(1, '2026-11-24T05:59:59Z', '2026-11-24T06:00Z')).toEqual(['2026-11-24T06:00']);
    expect(due(1, '2026-11-24T06:00Z', '2026-11-24T06:00:01Z')).toEqual([]);
  });

  it('are the latest missed slots, up to catchUp', () => {
    const [since, now] = ['2026-11-20T06:00Z', '2026-11-24T12:00Z'] as const;
    expect(due(0, since, now)).toEqual([]);
    expect(due(1, since, now)).toEqual(['2026-11-24T06:00']);
    expect(due(3, since, now)).toEqual(['2026-11-22T06:00', '2026-11-23T06:00', '2026-11-24T06:00']);
    expect(due(9, since, now)).toHaveLength(4);
  });

  it('do not count as missed while a replica is slightly late', () => {
    expect(due(0, '2026-11-23T06:00Z', '2026-11-24T06:00:59Z')).toEqual(['2026-11-24T06:00']);
    expect(due(0, '2026-11-23T06:00Z', '2026-11-24T06:01Z')).toEqual([]);
  });

  it('are found quickly after a year of minutes', () => {
    const schedule = parseSchedule('* * * * *');
    const begun = performance.now();
    const [since, now] = [at('2025-11-24T00:00Z'), at('2026-11-24T00:00:30Z')];
    expect(dueSlots({ schedule, catchUp: 1 }, since, now)).toEqual([at('2026-11-24T00:00Z')]);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
