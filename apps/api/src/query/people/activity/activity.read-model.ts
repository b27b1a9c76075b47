import { floorDay, type Periods, partsOf } from './periods.js';

/** A statement's beginning, and its parameters. */
export interface Activity {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** SQL of the common table expression `pending`: user days of organization $1 that are not compacted. */
export const PENDING_USER_DAYS = `
  pending AS MATERIALIZED (
    SELECT DISTINCT p.day, p.user_id COLLATE "C" AS user_id
    FROM activity_deltas, json_to_recordset(user_days) AS p(day date, user_id text) WHERE organization_id = $1
  )`;

/**
 * SQL of common table expressions about some periods: `activity` has each user once in each period in which they were
 * active, `new_users` the period in which they were active for the first time ever. All in one statement, so that an event
 * is seen in its delta and in the rows, or in neither. Before the first period is the period -1.
 * @returns text and parameters; further parameters follow
 */
export function activityIn(organizationId: string, { granularity, bounds, isCounted }: Periods): Activity {
  const { spans, edges } = partsOf(bounds);
  const values: unknown[] = [
    organizationId,
    spans.map(({ index }) => index),
    spans.map(({ from }) => from / 1000),
    spans.map(({ to }) => to / 1000),
  ];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const instant = (epochMs: number) => `to_timestamp(${parameter(epochMs / 1000)}::float8)`;
  const seconds = bounds.map((bound) => bound / 1000);
  const raw = edges.map(
    ({ from, to }) => `
      UNION
      SELECT width_bucket(extract(epoch FROM e.ts), ${parameter(seconds)}::numeric[]) - 1, e.user_id
      FROM users_between($1, ${instant(from)}, ${instant(to)}) AS e`,
  );
  const firstDay = `${instant(floorDay(bounds[0]!))}::date`;
  // Users by week or month are counted already.
  const whole =
    isCounted && granularity !== 'day'
      ? `
      SELECT s.index, u.user_id
      FROM spans s JOIN user_periods u
        ON u.organization_id = $1 AND u.unit = ${parameter(granularity)} AND u.period = s.from_day`
      : `
      SELECT s.index, d.user_id
      FROM spans s JOIN user_days d ON d.organization_id = $1 AND d.day >= s.from_day AND d.day < s.to_day`;
  const text = `
    ${PENDING_USER_DAYS}, spans AS (
      SELECT index, to_timestamp(start)::date AS from_day, to_timestamp(after)::date AS to_day
      FROM unnest($2::int[], $3::float8[], $4::float8[]) AS s(index, start, after)
    ), activity AS MATERIALIZED (
      ${whole}
      UNION
      SELECT s.index, p.user_id FROM spans s JOIN pending p ON p.day >= s.from_day AND p.day < s.to_day
      ${raw.join('')}
    ), new_users AS (
      SELECT a.user_id, min(a.index) AS index FROM activity a
      WHERE NOT EXISTS (
          SELECT FROM user_first_days f
          WHERE f.organization_id = $1 AND f.user_id = a.user_id AND f.first_day < ${firstDay})
        AND NOT EXISTS (SELECT FROM pending p WHERE p.user_id = a.user_id AND p.day < ${firstDay})
      GROUP BY a.user_id HAVING min(a.index) >= 0
    )`;
  return { text, values };
}
