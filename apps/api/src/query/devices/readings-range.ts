import { parseInstant } from '../../http/input/parse-instant.js';
import { invalidQuery } from '../../http/input/read-query.js';
import type { TimeRange } from '../../http/input/time-range.js';

/**
 * Resolves the range of a device's readings.
 * @param defaults the end, and the length before the end, for absent parameters; in milliseconds
 * @throws Problem 400 when the range is empty
 */
export function readingsRange(
  { start_time, end_time }: { readonly start_time?: string; readonly end_time?: string },
  defaults: { readonly to: number; readonly lengthMs: number },
): TimeRange {
  const to = end_time === undefined ? defaults.to : parseInstant(end_time)!;
  const from = start_time === undefined ? to - defaults.lengthMs : parseInstant(start_time)!;
  if (from >= to) throw invalidQuery([{ path: 'start_time', message: 'start_time must be before end_time' }]);
  return { from, to };
}
