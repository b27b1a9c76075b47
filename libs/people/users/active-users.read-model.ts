import type { ClientBase } from 'pg';
import type { PendingDeltas, UserDay } from '#rollups';
import { activityIn } from '../activity/activity.read-model.js';
import { pendingParameters, pendingUserDays } from '../activity/pending-user-days.read-model.js';
import type { Periods } from '../activity/periods.js';

/** Distinct users of a period. */
export interface PeriodUsers {
  /** Index of the period. */
  readonly index: number;
  readonly active: number;
  /** Of these, active for the first time ever. */
  readonly new: number;
}

const FROM = 'to_timestamp($2::float8 / 1000)::date';
const TO = 'to_timestamp($3::float8 / 1000)::date';

/** Users of days in UTC: compacted ones, and pending ones that are not among them. */
const OF_DAYS = `
  SELECT day AS period, count(*) AS users FROM user_days
  WHERE organization_id = $1 AND day >= ${FROM} AND day < ${TO} GROUP BY day
  UNION ALL
  SELECT p.day, 1 FROM pending p
  WHERE p.day >= ${FROM} AND p.day < ${TO} AND NOT EXISTS (
    SELECT FROM user_days d WHERE d.organization_id = $1 AND d.day = p.day AND d.user_id = p.user_id)`;

const OF_PERIODS = `
  SELECT period, count(*) AS users FROM user_periods
  WHERE organization_id = $1 AND unit = $4 AND period >= ${FROM} AND period < ${TO} GROUP BY period
  UNION ALL
  SELECT p.period, 1
  FROM (
    SELECT DISTINCT date_trunc($4, day::timestamp)::date AS period, user_id FROM pending
    WHERE day >= ${FROM} AND day < ${TO}
  ) AS p
  WHERE NOT EXISTS (
    SELECT FROM user_periods u
    WHERE u.organization_id = $1 AND u.unit = $4 AND u.period = p.period AND u.user_id = p.user_id)`;

/**
 * Counts of periods in UTC, from $2 to $3. New users are counted by their first day; a pending delta may have an earlier one.
 * Joining users with their first days would read every user of every period.
 */
const counted = (active: string) => `
  WITH ${pendingUserDays(6)}, changed AS (
    SELECT p.day, f.first_day
    FROM (SELECT user_id, min(day) AS day FROM pending GROUP BY user_id) AS p
    LEFT JOIN user_first_days f ON f.organization_id = $1 AND f.user_id = p.user_id
    WHERE (f.first_day IS NULL OR p.day < f.first_day)
  ), first_days AS (
    SELECT first_day AS day, count(*) AS users FROM user_first_days
    WHERE organization_id = $1 AND first_day >= ${FROM} AND first_day < ${TO} GROUP BY first_day
    UNION ALL
    SELECT day, 1 FROM changed WHERE day >= ${FROM} AND day < ${TO}
    UNION ALL
    SELECT first_day, -1 FROM changed WHERE first_day >= ${FROM} AND first_day < ${TO}
  ), counts AS (
    SELECT period, users AS active, 0 AS new FROM (${active}) AS a
    UNION ALL
    SELECT date_trunc($4, day::timestamp)::date, 0, users FROM first_days
  )
  SELECT array_position($5::float8[], extract(epoch FROM period)::float8 * 1000) - 1 AS index, sum(active)::float8 AS active, sum(new)::float8 AS new
  FROM counts GROUP BY period`;

const COUNTED = { day: counted(OF_DAYS), week: counted(OF_PERIODS), month: counted(OF_PERIODS) };

/**
 * Counts the distinct users of each period.
 * @param client in a transaction of the organization
 * @returns the periods with users, in any order
 */
export async function activeUsers(
  client: ClientBase,
  organizationId: string,
  deltas: PendingDeltas,
  periods: Periods,
): Promise<PeriodUsers[]> {
  const pending = await deltas.userDays(client, organizationId);
  const statement = periods.isUtc ? countedStatement : zoneStatement;
  const { text, values } = statement(organizationId, periods, pending);
  const { rows } = await client.query<PeriodUsers>(text, values);
  return rows;
}

const countedStatement = (
  organizationId: string,
  { granularity, bounds }: Periods,
  pending: readonly UserDay[],
) => ({
  text: COUNTED[granularity],
  values: [
    ...[organizationId, bounds[0]!, bounds.at(-1)!, granularity, bounds],
    ...pendingParameters(pending),
  ],
});

function zoneStatement(organizationId: string, periods: Periods, pending: readonly UserDay[]) {
  const { text, values } = activityIn(organizationId, periods, pending);
  return {
    text: `
      WITH ${text}
      SELECT i AS index, count(*)::float8 AS active, count(*) FILTER (WHERE is_new AND first = i)::float8 AS new
      FROM activity, generate_series(0, $${values.length + 1}::int) AS i
      WHERE get_bit(periods, i + 1) = 1 GROUP BY i`,
    values: [...values, periods.dates.length - 1],
  };
}
