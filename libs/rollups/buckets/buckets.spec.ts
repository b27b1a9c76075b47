import { AGGREGATION_WINDOWS } from '#config';
import { boundsBefore, bucketBounds, bucketIndex, storedWindow, TooManyBuckets } from './buckets.js';
import type { QueryWindow } from './query-window.js';

const HOUR_MS = 3_600_000;

const bounds = (window: QueryWindow, timeZone: string, from: string, to: string) =>
  bucketBounds({ window, timeZone, from: Date.parse(from), to: Date.parse(to) }, 1000);
const hours = (list: readonly number[]) => list.slice(1).map((bound, i) => (bound - list[i]!) / HOUR_MS);

describe('bucketBounds', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T12:00:00Z', [24, 23, 24]],
    ['Europe/Berlin', '2026-10-24T12:00:00Z', [24, 25, 24]],
    ['America/St_Johns', '2026-10-31T12:00:00Z', [24, 25, 24]],
    ['Asia/Kathmandu', '2026-03-28T12:00:00Z', [24, 24, 24]],
    // Clocks go back from 1:00 to 0:00: the day begins with the first midnight.
    ['America/Havana', '2026-10-31T12:00:00Z', [24, 25, 24]],
    // Clocks go from 0:00 to 1:00: the day begins at 1:00.
    ['Asia/Beirut', '2026-03-28T12:00:00Z', [24, 23, 24]],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-04-04T03:00:00Z', [24, 24.5, 24]],
  ])('has the days of %s around %s', (zone, from, lengths) => {
    const to = new Date(Date.parse(from) + 48 * HOUR_MS).toISOString();
    expect(hours(bounds('1d', zone, from, to))).toEqual(lengths);
  });

  it('begins weeks on Monday and months on the first, ISO week 53 included', () => {
    const weeks = bounds('1w', 'Europe/Berlin', '2026-12-30T00:00:00Z', '2027-01-05T00:00:00Z');
    expect(weeks.map((bound) => new Date(bound).toISOString())).toEqual([
      '2026-12-27T23:00:00.000Z',
      '2027-01-03T23:00:00.000Z',
      '2027-01-10T23:00:00.000Z',
    ]);
    const months = bounds('1mo', 'Asia/Kathmandu', '2026-01-31T20:00:00Z', '2026-02-28T18:15:00.001Z');
    expect(hours(months)).toEqual([28 * 24, 31 * 24]);
  });

  it('begins hours on the full hours of the zone', () => {
    expect(bounds('1h', 'Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z')).toEqual(
      ['2025-12-31T23:15:00Z', '2026-01-01T00:15:00Z', '2026-01-01T01:15:00Z'].map((text) =>
        Date.parse(text),
      ),
    );
  });

  it('cuts time without gaps in hours around a change of half an hour', () => {
    const list = bounds('1h', 'Australia/Lord_Howe', '2026-04-04T10:00:00Z', '2026-04-04T20:00:00Z');
    expect(hours(list).every((length) => length === 1 || length === 0.5)).toBe(true);
  });

  it('refuses more than the limit, without counting them all', () => {
    const year = ['2016-01-01T00:00:00Z', '2026-01-01T00:00:00Z'] as const;
    expect(() => bounds('1m', 'UTC', ...year)).toThrow(TooManyBuckets);
    expect(() => bounds('1d', 'Europe/Berlin', ...year)).toThrow(TooManyBuckets);
    expect(bounds('1w', 'Europe/Berlin', ...year)).toHaveLength(524);
  });
});

describe('boundsBefore', () => {
  it('has as many buckets, and ends where the range begins', () => {
    const march = bounds('1mo', 'Europe/Berlin', '2026-03-01T00:00:00Z', '2026-04-30T00:00:00Z');
    const before = boundsBefore(march, '1mo', 'Europe/Berlin');
    expect(before.at(-1)).toBe(march[0]);
    expect(before.map((bound) => new Date(bound).toISOString())).toEqual([
      '2025-12-31T23:00:00.000Z',
      '2026-01-31T23:00:00.000Z',
      '2026-02-28T23:00:00.000Z',
    ]);
  });
});

describe('boundsBefore a day after clocks went back at midnight', () => {
  it('begins that day with its first midnight', () => {
    const monday = bounds('1d', 'America/Havana', '2026-11-02T12:00:00Z', '2026-11-02T13:00:00Z');
    expect(hours(boundsBefore(monday, '1d', 'America/Havana'))).toEqual([25]);
    const week = bounds('1w', 'America/Havana', '2026-11-09T12:00:00Z', '2026-11-09T13:00:00Z');
    expect(hours(boundsBefore(week, '1w', 'America/Havana'))).toEqual([7 * 24]);
  });
});

describe('bucketIndex', () => {
  it('finds the bucket that contains an instant', () => {
    expect([5, 10, 19, 20, 29, 30].map((instant) => bucketIndex([10, 20, 30], instant))).toEqual([
      -1, 0, 0, 1, 1, 2,
    ]);
  });
});

describe('storedWindow', () => {
  it('is the longest kept window of which all buckets are made', () => {
    const days = bounds('1d', 'UTC', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z');
    expect(storedWindow(days, AGGREGATION_WINDOWS)).toBe('1d');
    expect(storedWindow(days, ['5m', '1m'])).toBe('5m');
    expect(storedWindow([...days, 60_000], ['5m'])).toBeUndefined();
  });
});
