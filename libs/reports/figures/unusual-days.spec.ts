import type { ReportDay } from '../content/report.js';
import { unusualDays } from './unusual-days.js';

const dayOf = (index: number, figures: Partial<ReportDay> = {}): ReportDay => ({
  day: new Date(Date.UTC(2026, 8, 1 + index)).toISOString().slice(0, 10),
  ...{ events: 0, active_users: 0, new_users: 0, errors: 0, ...figures },
});

/** 56 days with 98, 99, 100, 101, 102 events and so on: the median is 100, a robust deviation 1.4826. */
const history = Array.from({ length: 56 }, (_, i) => dayOf(i, { events: 98 + (i % 5) }));

describe('unusualDays', () => {
  it('names days beyond three robust deviations, on either side', () => {
    const week = [95, 96, 100, 104, 105].map((events, i) => dayOf(56 + i, { events }));
    expect(unusualDays(history, week).map(({ figure, value, usual }) => [figure, value, usual])).toEqual([
      ['events', 95, 100],
      ['events', 105, 100],
    ]);
    expect(unusualDays(history, week)[1]!.text).toBe('Saturday, October 31 had 105 events; usual are 100.');
  });

  it('is not moved by a few wild days', () => {
    const wild = history.map((day, i) => (i % 9 === 0 ? { ...day, events: 1_000_000 } : day));
    expect(unusualDays(wild, [dayOf(56, { events: 110 })])).toHaveLength(1);
    expect(unusualDays(wild, [dayOf(56, { events: 101 })])).toHaveLength(0);
  });

  it('names each change of what was always the same', () => {
    const constant = Array.from({ length: 56 }, (_, i) => dayOf(i, { events: 5, errors: 0 }));
    expect(unusualDays(constant, [dayOf(56, { events: 5, errors: 1 })]).map(({ figure }) => figure)).toEqual([
      'errors',
    ]);
  });

  it('says nothing before there were events on two weeks of days', () => {
    const since = (days: number) =>
      Array.from({ length: 56 }, (_, i) => dayOf(i, { events: i < 56 - days ? 0 : 5 }));
    expect(unusualDays(since(13), [dayOf(56, { events: 500 })])).toEqual([]);
    expect(unusualDays(since(14), [dayOf(56, { events: 500 })])).toHaveLength(1);
    expect(unusualDays([], [dayOf(56, { events: 500 })])).toEqual([]);
  });
});
