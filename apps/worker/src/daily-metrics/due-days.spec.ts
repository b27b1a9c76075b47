import type { Basis } from './basis.js';
import { dueDays } from './due-days.js';

const basis = (events: number): Basis => ({
  ...{ time_zone: 'UTC', definitions: {}, events, events_before: 0, users: 1, new_users: 0 },
  sessions: [1, 2, 3],
});
/** As the database returns it: in another order. */
const stored = (events: number): Basis =>
  Object.fromEntries(Object.entries(basis(events)).reverse()) as unknown as Basis;
const day = (date: string) => ({ date, from: Date.parse(date), to: Date.parse(date) + 86_400_000 });
const ended = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04'].map(day);

describe('dueDays', () => {
  it('are those that are not computed yet, and those whose basis has changed', () => {
    const computed = new Map([
      ['2026-10-01', null],
      ['2026-10-03', stored(5)],
      ['2026-10-04', stored(5)],
    ]);
    const current = new Map([
      ['2026-10-03', basis(5)],
      ['2026-10-04', basis(6)],
    ]);
    expect(dueDays(ended, computed, current).map(({ date }) => date)).toEqual(['2026-10-02', '2026-10-04']);
  });

  it('include a day that has become recent again', () => {
    const computed = new Map(ended.map(({ date }) => [date, null]));
    expect(dueDays(ended, computed, new Map([['2026-10-04', basis(1)]]))).toEqual([ended[3]]);
  });
});
