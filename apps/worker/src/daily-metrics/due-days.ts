import { type Basis, isSame } from './basis.js';
import type { LocalDay } from './local-days.js';

/**
 * The days to compute, oldest first: those that are not computed yet, and those whose basis has changed since. Pure.
 * @param ended days that have ended, since the organization has had events
 * @param computed by date, the basis that a day was computed from; null when it was too old to be looked at again
 * @param current by date, the basis as it is now, of days that late events may change
 */
export const dueDays = (
  ended: readonly LocalDay[],
  computed: ReadonlyMap<string, Basis | null>,
  current: ReadonlyMap<string, Basis>,
): LocalDay[] =>
  ended.filter(({ date }) => {
    if (!computed.has(date)) return true;
    const [before, now] = [computed.get(date), current.get(date)];
    return now !== undefined && !(before && isSame(before, now));
  });
