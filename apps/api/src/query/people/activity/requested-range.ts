import { parseInstant } from '../../../http/input/parse-instant.js';
import type { RangeQuery } from '../../../http/input/time-range.js';
import type { PeriodRequest } from './periods.js';

const DAY_MS = 86_400_000;

/** The range of a query, and what bounds it. @param now milliseconds since the epoch */
export const requestedRange = (
  { from, to }: RangeQuery,
  retentionDays: number,
  now: number,
): Pick<PeriodRequest, 'from' | 'to' | 'now' | 'keptSince'> => ({
  ...(from === undefined ? {} : { from: parseInstant(from)! }),
  ...(to === undefined ? {} : { to: parseInstant(to)! }),
  now,
  keptSince: now - retentionDays * DAY_MS,
});
