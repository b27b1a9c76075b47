import type { ClientBase } from 'pg';
import { countedSessions, type TimeRange } from '#people';
import type { ReportUser } from '../content/report.js';

/** A report of so many users takes about a megabyte. */
const MAX_USERS = 10_000;

interface UserRow extends Omit<ReportUser, 'last_session_at'> {
  readonly last_session_at: Date;
  /** Of all users. */
  readonly all: number;
}

const USERS = `
  WITH ${countedSessions(
    (t) => `
      ${t}.first_seen >= to_timestamp($2::float8 / 1000) AND ${t}.first_seen < to_timestamp($3::float8 / 1000)
      AND ${t}.user_id IS NOT NULL`,
  )}, by_user AS (
    SELECT user_id, count(*)::float8 AS sessions, sum(talked_seconds)::float8 AS talked_seconds,
           max(last_seen) AS last_session_at, count(*) OVER ()::float8 AS all
    FROM found GROUP BY user_id ORDER BY sessions DESC, talked_seconds DESC, user_id LIMIT $4
  )
  SELECT b.user_id, u.name, b.sessions, b.talked_seconds, b.last_session_at, b.all
  FROM by_user b LEFT JOIN users u ON u.organization_id = $1 AND u.external_id = b.user_id
  ORDER BY b.sessions DESC, b.talked_seconds DESC, b.user_id`;

/** Users with sessions that started in a range, and how many there are in all. */
export interface UsersOfReport {
  /** Those with the most sessions, at most 10,000. */
  readonly users: readonly ReportUser[];
  readonly users_with_sessions: number;
}

/** @param client in a snapshot of the organization */
export async function usersOfReport(
  client: ClientBase,
  organizationId: string,
  { from, to }: TimeRange,
): Promise<UsersOfReport> {
  const { rows } = await client.query<UserRow>(USERS, [organizationId, from, to, MAX_USERS]);
  return {
    users: rows.map(({ all: _, last_session_at, ...user }) => ({
      ...{ ...user, last_session_at: last_session_at.toISOString() },
    })),
    users_with_sessions: rows[0]?.all ?? 0,
  };
}
