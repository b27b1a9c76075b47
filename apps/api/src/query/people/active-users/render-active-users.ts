import type { Granularity, Periods, PeriodUsers } from '#people';

export interface ActivePeriod {
  readonly period: string;
  readonly active: number;
  readonly new: number;
  readonly returning: number;
}

/** Answer about active users. */
export interface ActiveUsers {
  readonly granularity: Granularity;
  readonly tz: string;
  readonly from: Date;
  readonly to: Date;
  readonly data: readonly ActivePeriod[];
}

/** Renders the counts of all periods. Pure. */
export function renderActiveUsers(tz: string, periods: Periods, counts: readonly PeriodUsers[]): ActiveUsers {
  const { granularity, bounds, dates } = periods;
  const byIndex = new Map(counts.map((count) => [count.index, count]));
  const data = dates.map((date, index) => {
    const { active, new: fresh } = byIndex.get(index) ?? { active: 0, new: 0 };
    return {
      period: granularity === 'month' ? date.slice(0, 7) : date,
      active,
      new: fresh,
      returning: active - fresh,
    };
  });
  const [from, to] = [new Date(bounds[0]!), new Date(bounds.at(-1)!)];
  return { granularity, tz, from, to, data };
}
