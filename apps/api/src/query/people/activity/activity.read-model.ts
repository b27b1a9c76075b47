import type { Periods } from './periods.js';
import { spansOf } from './spans.js';

/** A statement's beginning, and its parameters. */
export interface Activity {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** SQL of the common table expression `pending`: user days of organization $1 that are not compacted. */
export const PENDING_USER_DAYS = `
  pending AS MATERIALIZED (
    SELECT p.day, p.user_id COLLATE "C" AS user_id, min(p.first) AS first_quarter, max(p.last) AS last_quarter
    FROM activity_deltas, json_to_recordset(user_days) AS p(day date, user_id text, first int, last int)
    WHERE organization_id = $1 GROUP BY p.day, p.user_id
  )`;

/** Users by week or month in UTC are counted already. */
const BY_PERIOD = `
  SELECT s.index, u.user_id
  FROM spans s JOIN user_periods u ON u.organization_id = $1 AND u.unit = $8 AND u.period = s.from_day`;

/** Of a day that lies in two periods, the first or the last quarter-hour decides. */
const IS_WITHIN = `
  d.day >= s.from_day AND d.day < s.to_day AND (d.day > s.from_day OR d.last_quarter >= s.from_quarter)
  AND (d.day < s.to_day - 1 OR d.first_quarter < s.to_quarter)`;

const BY_DAY = `
  SELECT s.index, d.user_id FROM spans s JOIN user_days d ON d.organization_id = $1 AND ${IS_WITHIN}`;

/**
 * SQL of common table expressions about some periods: `activity` has each user once in each period in which they were
 * active, `new_users` the period in which they were active for the first time ever. Before the first period is the
 * period -1.
 * @returns text and parameters; further parameters follow
 */
export function activityIn(organizationId: string, { granularity, bounds, isUtc }: Periods): Activity {
  const spans = spansOf(bounds);
  const isCounted = isUtc && granularity !== 'day';
  const values = [
    organizationId,
    spans.map(({ index }) => index),
    spans.map(({ from }) => from),
    spans.map(({ to }) => to),
    spans.map(({ fromQuarter }) => fromQuarter),
    spans.map(({ toQuarter }) => toQuarter),
    spans[0]!.from,
    ...(isCounted ? [granularity] : []),
  ];
  const text = `
    ${PENDING_USER_DAYS}, spans AS (
      SELECT index, to_timestamp(start)::date AS from_day, to_timestamp(after)::date AS to_day, from_quarter, to_quarter
      FROM unnest($2::int[], $3::float8[], $4::float8[], $5::int[], $6::int[])
        AS s(index, start, after, from_quarter, to_quarter)
    ), activity AS MATERIALIZED (
      ${isCounted ? BY_PERIOD : BY_DAY}
      UNION
      SELECT s.index, d.user_id FROM spans s JOIN pending d ON ${IS_WITHIN}
    ), new_users AS (
      SELECT a.user_id, min(a.index) AS index FROM activity a
      WHERE NOT EXISTS (
          SELECT FROM user_first_days f
          WHERE f.organization_id = $1 AND f.user_id = a.user_id AND f.first_day < to_timestamp($7::float8)::date)
        AND NOT EXISTS (
          SELECT FROM pending p WHERE p.user_id = a.user_id AND p.day < to_timestamp($7::float8)::date)
      GROUP BY a.user_id HAVING min(a.index) >= 0
    )`;
  return { text, values };
}
