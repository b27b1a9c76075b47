import { parseInstant } from '../../../http/input/parse-instant.js';
import type { RangeQuery } from '../../../http/input/time-range.js';
import type { PeriodRequest } from './periods.js';

/**
 * The range of a query.
 * @param now milliseconds since the epoch
 */
export const requestedRange = (
  { from, to }: RangeQuery,
  now: number,
): Pick<PeriodRequest, 'from' | 'to' | 'now'> => ({
  ...(from === undefined ? {} : { from: parseInstant(from)! }),
  ...(to === undefined ? {} : { to: parseInstant(to)! }),
  now,
});
