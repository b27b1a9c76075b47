import type { ClientBase } from 'pg';
import type { TimeRange } from '../activity/time-range.js';
import { countedSessions } from './counted-sessions.read-model.js';

/** A user's sessions that started in a week. */
export interface WeekOfUser {
  readonly user_id: string;
  readonly name: string | null;
  readonly session_count: number;
  readonly total_talked_time: number;
  /** Last event of these sessions. */
  readonly last_session: Date;
}

const WEEK = `
  WITH ${countedSessions(
    (t) => `
      ${t}.first_seen >= to_timestamp($2::float8 / 1000) AND ${t}.first_seen < to_timestamp($3::float8 / 1000)
      AND ${t}.user_id IS NOT NULL AND ($4::text IS NULL OR ${t}.user_id > $4)`,
  )}, by_user AS (
    SELECT user_id, count(*)::float8 AS session_count, sum(talked_seconds) AS total_talked_time,
           max(last_seen) AS last_session
    FROM found GROUP BY user_id ORDER BY user_id LIMIT $5
  )
  SELECT b.user_id, u.name, b.session_count, b.total_talked_time, b.last_session
  FROM by_user b LEFT JOIN users u ON u.organization_id = $1 AND u.external_id = b.user_id
  ORDER BY b.user_id`;

/**
 * Users with sessions that started in a range, ordered by id.
 * @param client in a transaction of the organization
 * @param after the last user of the page before; null: the first page
 */
export async function usersOfWeek(
  client: ClientBase,
  organizationId: string,
  { from, to }: TimeRange,
  limit: number,
  after: string | null,
): Promise<WeekOfUser[]> {
  const { rows } = await client.query<WeekOfUser>(WEEK, [organizationId, from, to, after, limit]);
  return rows;
}
