import { assertStorable, invalidQuery } from '../http/input/read-query.js';
import { validated } from '../http/input/validated.js';
import type { ProblemError } from '../http/problem.js';
import { DailyMetricsQuery } from './daily-metrics.query.js';

/** A media type with its parameters, such as `text/csv;q=0.8`. */
const CSV = /^text\/csv\s*(;|$)/i;
const REFUSED = /;\s*q=0(\.0*)?\s*(;|$)/i;

/** A checked query. */
export interface ReadQuery {
  readonly query: DailyMetricsQuery;
  readonly isCsv: boolean;
}

/**
 * Reads the parameters of `GET /v1/daily-metrics`. Pure.
 * @param accept the header of that name
 * @throws Problem 400 `invalid_query` naming every faulty parameter
 */
export function readDailyMetricsQuery(
  raw: Readonly<Record<string, unknown>>,
  accept: string | undefined,
): ReadQuery {
  assertStorable(raw);
  const result = validated(DailyMetricsQuery, raw);
  const query = 'value' in result ? result.value : result.faulty;
  const errors = 'errors' in result ? result.errors : [];
  if (!query) throw invalidQuery(errors);
  const isCsv = query.format === undefined ? acceptsCsv(accept) : query.format === 'csv';
  const isFaulty = (name: string) => errors.some(({ path }) => path === name);
  const further = faultsTogether(query, raw, isCsv).filter(({ path }) => !isFaulty(path));
  if (errors.length + further.length > 0) throw invalidQuery([...errors, ...further]);
  return { query, isCsv };
}

/** Faults of parameters that do not fit others. */
function faultsTogether(
  { from, to, dimension, value, totals }: DailyMetricsQuery,
  raw: Readonly<Record<string, unknown>>,
  isCsv: boolean,
): ProblemError[] {
  const fault = (isFault: boolean, path: string, message: string) => (isFault ? [{ path, message }] : []);
  return [
    // Dates of four digits are in the order of their text.
    ...fault(from !== undefined && to !== undefined && from >= to, 'from', 'from must be before to'),
    ...fault(value !== undefined && dimension === undefined, 'value', 'value needs dimension'),
    ...fault(totals === true && dimension !== undefined, 'totals', 'totals have no dimension'),
    ...['limit', 'cursor'].flatMap((name) =>
      fault(isCsv && raw[name] !== undefined, name, 'CSV has all rows: it has no pages'),
    ),
  ];
}

const acceptsCsv = (accept = '') =>
  accept.split(',').some((range) => CSV.test(range.trim()) && !REFUSED.test(range));
