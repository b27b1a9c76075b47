import type { Periods } from '#people';
import { shiftWindow } from '#rollups';
import { type PeriodRequest, periodsOf } from '../activity/periods.js';

/**
 * The weeks that a question about retention concerns. Pure.
 * @param cohorts the weeks of the cohorts
 * @param weeks how many weeks each cohort is followed
 * @returns number of cohorts, and all weeks that have begun
 * @throws Problem 400 as `periodsOf`
 */
export function retentionWeeks(cohorts: PeriodRequest, weeks: number): { cohorts: number; periods: Periods } {
  const first = periodsOf(cohorts);
  const end = first.bounds.at(-1)!;
  const followed = Math.min(shiftWindow(end, weeks, '1w', cohorts.timeZone), cohorts.now + 1);
  const to = Math.max(end, followed);
  const all = { ...cohorts, from: first.bounds[0]!, to, max: cohorts.max + weeks };
  return { cohorts: first.bounds.length - 1, periods: periodsOf(all) };
}
