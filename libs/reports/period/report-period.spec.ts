import { lastPeriod, periodOn } from './report-period.js';

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 16);
const BERLIN = { timeZone: 'Europe/Berlin', firstWeekday: 1 };

describe('lastPeriod', () => {
  it.each([
    ['a week of 169 hours', BERLIN, '2026-10-26T00:00:00+01:00', '2026-10-18T22:00', 169],
    ['a week of 167 hours', BERLIN, '2027-03-29T00:00:00+02:00', '2027-03-21T23:00', 167],
    ['ISO week 53 of 2026', BERLIN, '2027-01-04T12:00:00Z', '2026-12-27T23:00', 168],
    [
      'a week that begins on Sunday',
      { timeZone: 'America/New_York', firstWeekday: 7 },
      '2026-11-08T04:59:00Z',
      '2026-10-25T04:00',
      168,
    ],
    [
      'a week that began a minute ago',
      { timeZone: 'America/New_York', firstWeekday: 7 },
      '2026-11-08T05:01:00Z',
      '2026-11-01T04:00',
      169,
    ],
    [
      'a week that begins on Saturday',
      { timeZone: 'Asia/Kathmandu', firstWeekday: 6 },
      '2026-11-27T12:00:00Z',
      '2026-11-13T18:15',
      168,
    ],
  ])('is %s', (_name, calendar, now, start, hours) => {
    const { from, to, previous, days } = lastPeriod('weekly', at(now), calendar);
    expect([iso(from), (to - from) / HOUR_MS]).toEqual([start, hours]);
    expect(to).toBeLessThanOrEqual(at(now));
    expect(days).toHaveLength(56 + 7 + 1);
    expect([days[49], days[56], days.at(-1)]).toEqual([previous, from, to]);
  });

  it('is the month before', () => {
    const { from, to, previous } = lastPeriod('monthly', at('2026-04-01T00:00:00+02:00'), BERLIN);
    expect([previous, from, to].map(iso)).toEqual([
      '2026-01-31T23:00',
      '2026-02-28T23:00',
      '2026-03-31T22:00',
    ]);
  });

  it('gives each instant to one week, over a year of any zone', () => {
    for (const timeZone of ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'America/Havana']) {
      for (const firstWeekday of [1, 6, 7]) {
        let end: number | undefined;
        for (
          let now = at('2026-01-15T12:00:00Z');
          now < at('2027-01-15T12:00:00Z');
          now += 7 * 24 * HOUR_MS
        ) {
          const { from, to } = lastPeriod('weekly', now, { timeZone, firstWeekday });
          expect(from).toBe(end ?? from);
          end = to;
        }
      }
    }
  });
});

describe('periodOn', () => {
  it('finds the week that begins on a date, in zones on either side of UTC', () => {
    for (const timeZone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin']) {
      const calendar = { timeZone, firstWeekday: 1 };
      const period = periodOn('weekly', '2026-11-16', calendar)!;
      expect(period).toEqual(lastPeriod('weekly', period.to, calendar));
      expect(periodOn('weekly', '2026-11-17', calendar)).toBeNull();
    }
    expect(periodOn('monthly', '2026-11-01', BERLIN)).not.toBeNull();
    expect(periodOn('monthly', '2026-11-16', BERLIN)).toBeNull();
  });
});
