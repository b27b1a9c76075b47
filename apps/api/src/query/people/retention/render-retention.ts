import type { Periods } from '#people';
import type { Return } from './retention.read-model.js';

export interface WeekOfCohort {
  /** Weeks after the first. */
  readonly week: number;
  readonly users: number;
  /** Of the cohort; null when it is empty. */
  readonly share: number | null;
}

export interface Cohort {
  /** First day of the week in which the users were new. */
  readonly cohort: string;
  readonly users: number;
  readonly returned: readonly WeekOfCohort[];
}

/** Answer about retention. */
export interface Retention {
  readonly tz: string;
  readonly from: Date;
  readonly to: Date;
  readonly weeks: number;
  readonly data: readonly Cohort[];
}

/** How far retention is asked for. */
export interface RetentionScope {
  readonly tz: string;
  /** Number of cohorts: the first weeks of the periods. */
  readonly cohorts: number;
  readonly weeks: number;
}

/** Renders the cohorts. Weeks that have not begun are left out. Pure. */
export function renderRetention(
  { tz, cohorts, weeks }: RetentionScope,
  { bounds, dates }: Periods,
  returns: readonly Return[],
): Retention {
  const found = new Map(returns.map(({ cohort, week, users }) => [`${cohort} ${week}`, users]));
  const data = dates.slice(0, cohorts).map((date, cohort): Cohort => {
    const usersIn = (week: number) => found.get(`${cohort} ${week}`) ?? 0;
    const users = usersIn(0);
    const begun = Math.min(weeks, dates.length - 1 - cohort);
    const returned = Array.from({ length: begun }, (_, i) => {
      const back = usersIn(i + 1);
      return { week: i + 1, users: back, share: users > 0 ? back / users : null };
    });
    return { cohort: date, users, returned };
  });
  const [from, to] = [new Date(bounds[0]!), new Date(bounds[cohorts]!)];
  return { tz, from, to, weeks, data };
}
