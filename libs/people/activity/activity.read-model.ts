import type { UserDay } from '#rollups';
import { pendingParameters, pendingUserDays } from './pending-user-days.read-model.js';
import type { Periods } from './periods.js';
import { spansOf } from './spans.js';

/** A statement's beginning, and its parameters. */
export interface Activity {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Users by week or month in UTC are counted already. */
const BY_PERIOD = `
  SELECT s.bits, u.user_id
  FROM spans s JOIN user_periods u ON u.organization_id = $1 AND u.unit = $12 AND u.period = s.from_day`;

/** Of a day that lies in two periods, the first or the last quarter-hour decides. */
export const IS_WITHIN = `
  d.day >= s.from_day AND d.day < s.to_day AND (d.day > s.from_day OR d.last_quarter >= s.from_quarter)
  AND (d.day < s.to_day - 1 OR d.first_quarter < s.to_quarter)`;

const BY_DAY = `
  SELECT s.bits, d.user_id FROM spans s JOIN user_days d ON d.organization_id = $1 AND ${IS_WITHIN}`;

/**
 * SQL of the common table expression `activity`, a row for each user who was active in some of the periods: `periods` has a
 * bit for each of them, after one for the period -1 before the first; `first` is the first one, `is_new` says that they
 * were never active before that. Bits need a group per user; a row per user and period took twice as long.
 * @param pending user days that are not compacted
 * @returns text and parameters; further parameters follow
 */
export function activityIn(
  organizationId: string,
  { granularity, bounds, isUtc }: Periods,
  pending: readonly UserDay[],
): Activity {
  const spans = spansOf(bounds);
  const isCounted = isUtc && granularity !== 'day';
  const values = [
    organizationId,
    spans.map(({ index }) => bitsOf(index, bounds.length)),
    spans.map(({ from }) => from),
    spans.map(({ to }) => to),
    spans.map(({ fromQuarter }) => fromQuarter),
    spans.map(({ toQuarter }) => toQuarter),
    spans[0]!.from,
    ...pendingParameters(pending),
    ...(isCounted ? [granularity] : []),
  ];
  const text = `
    ${pendingUserDays(8)}, spans AS (
      SELECT bits::bit varying AS bits, to_timestamp(start)::date AS from_day, to_timestamp(after)::date AS to_day,
             from_quarter, to_quarter
      FROM unnest($2::text[], $3::float8[], $4::float8[], $5::int[], $6::int[])
        AS s(bits, start, after, from_quarter, to_quarter)
    ), by_user AS (
      SELECT user_id, bit_or(bits) AS periods
      FROM (
        ${isCounted ? BY_PERIOD : BY_DAY}
        UNION ALL
        SELECT s.bits, d.user_id FROM spans s JOIN pending d ON ${IS_WITHIN}
      ) AS active GROUP BY user_id
    ), activity AS MATERIALIZED (
      SELECT a.user_id, a.periods, position(B'1' IN a.periods) - 2 AS first,
             get_bit(a.periods, 0) = 0 AND f.user_id IS NULL AND p.user_id IS NULL AS is_new
      FROM by_user a
      LEFT JOIN user_first_days f
        ON f.organization_id = $1 AND f.user_id = a.user_id AND f.first_day < to_timestamp($7::float8)::date
      LEFT JOIN (SELECT DISTINCT user_id FROM pending WHERE day < to_timestamp($7::float8)::date) AS p
        ON p.user_id = a.user_id
    )`;
  return { text, values };
}

/** The bit of one period. */
const bitsOf = (index: number, length: number) => '0'.repeat(index + 1) + '1'.padEnd(length - index - 1, '0');
