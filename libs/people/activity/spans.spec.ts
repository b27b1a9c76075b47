import { spansOf } from './spans.js';

const seconds = (instant: string) => Date.parse(instant) / 1000;

describe('spansOf', () => {
  it('takes whole days for periods in UTC', () => {
    const bounds = ['2026-11-23', '2026-11-30', '2026-12-07'].map((date) => Date.parse(date));
    expect(spansOf(bounds)).toEqual([
      { index: 0, from: seconds('2026-11-23'), to: seconds('2026-11-30'), fromQuarter: 0, toQuarter: 96 },
      { index: 1, from: seconds('2026-11-30'), to: seconds('2026-12-07'), fromQuarter: 0, toQuarter: 96 },
    ]);
  });

  it('divides the days at the bounds of a zone, and adds what is before the first', () => {
    // Two days in Kathmandu.
    const bounds = ['2026-11-23T18:15:00Z', '2026-11-24T18:15:00Z', '2026-11-25T18:15:00Z'].map(Date.parse);
    expect(spansOf(bounds)).toEqual([
      { index: -1, from: seconds('2026-11-23'), to: seconds('2026-11-24'), fromQuarter: 0, toQuarter: 73 },
      { index: 0, from: seconds('2026-11-23'), to: seconds('2026-11-25'), fromQuarter: 73, toQuarter: 73 },
      { index: 1, from: seconds('2026-11-24'), to: seconds('2026-11-26'), fromQuarter: 73, toQuarter: 73 },
    ]);
  });
});
