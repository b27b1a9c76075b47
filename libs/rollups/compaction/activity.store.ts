import type { ClientBase } from 'pg';
import type { SessionDelta } from '../delta/delta.js';

/** Adds the sessions of lists in JSON. @param lists SQL of a query of `sessions` */
const addSessions = (lists: string) => `
  INSERT INTO sessions AS s (organization_id, session_id, first_seen, last_seen, ended_at, user_id,
                             device, talked_seconds, events)
  SELECT $1, n.session_id, to_timestamp(min(n.first_seen) / 1000), to_timestamp(max(n.last_seen) / 1000),
         to_timestamp(max(n.ended_at) / 1000), max(n.user_id COLLATE "C"), max(n.device COLLATE "C"),
         sum(n.talked_seconds), sum(n.events)
  FROM (${lists}) AS lists, json_to_recordset(sessions) AS n(session_id text, first_seen float8, last_seen float8,
    ended_at float8, user_id text, device text, talked_seconds float8, events bigint)
  GROUP BY n.session_id ORDER BY n.session_id COLLATE "C"
  ON CONFLICT (organization_id, session_id) DO UPDATE SET
    first_seen = least(s.first_seen, EXCLUDED.first_seen),
    last_seen = greatest(s.last_seen, EXCLUDED.last_seen),
    ended_at = greatest(s.ended_at, EXCLUDED.ended_at),
    user_id = greatest(s.user_id, EXCLUDED.user_id),
    device = greatest(s.device, EXCLUDED.device),
    talked_seconds = s.talked_seconds + EXCLUDED.talked_seconds,
    events = s.events + EXCLUDED.events`;

const DELTAS =
  'SELECT sessions, user_days FROM activity_deltas WHERE organization_id = $1 AND id = ANY($2::bigint[])';

/**
 * Most user days are repeated by many transactions in the same words, so equal lines are dropped before they are parsed.
 */
const ADD_USER_DAYS = `
  WITH stored AS (
    INSERT INTO user_days AS d (organization_id, day, user_id, first_quarter, last_quarter)
    SELECT $1, n.day, n.user_id, min(n.first), max(n.last)
    FROM (SELECT DISTINCT line FROM (${DELTAS}) AS deltas, string_to_table(trim(user_days::text, '[]'), E'\\n,') AS line) AS lines,
         json_to_record(line::json) AS n(day date, user_id text, first smallint, last smallint)
    GROUP BY n.day, n.user_id ORDER BY n.day, n.user_id COLLATE "C"
    ON CONFLICT (organization_id, day, user_id) DO UPDATE SET
      first_quarter = least(d.first_quarter, EXCLUDED.first_quarter),
      last_quarter = greatest(d.last_quarter, EXCLUDED.last_quarter)
    WHERE EXCLUDED.first_quarter < d.first_quarter OR EXCLUDED.last_quarter > d.last_quarter
    -- xmax is set on an existing row, which the statement has locked.
    RETURNING day, user_id, xmax = 0 AS is_new
  ), added AS (
    SELECT day, user_id FROM stored WHERE is_new
  ), periods AS (
    INSERT INTO user_periods (organization_id, unit, period, user_id)
    SELECT DISTINCT $1::uuid, unit, date_trunc(unit, day::timestamp)::date, user_id
    FROM added, unnest(ARRAY['week', 'month']) AS unit ORDER BY 2, 3, 4
    ON CONFLICT DO NOTHING
  )
  INSERT INTO user_first_days AS u (organization_id, user_id, first_day)
  SELECT $1, user_id, min(day) FROM added GROUP BY user_id ORDER BY 2
  ON CONFLICT (organization_id, user_id) DO UPDATE SET first_day = EXCLUDED.first_day
  WHERE u.first_day > EXCLUDED.first_day`;

/**
 * SQL of sessions and user days. PostgreSQL adds up deltas itself, so that a worker's memory does not depend on how many there
 * are. Call it in a transaction that holds the compaction lock: nobody else takes the same deltas.
 */
export class ActivityStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** Ids of the oldest deltas. */
  async oldestDeltas(limit: number): Promise<string[]> {
    const { rows } = await this.client.query<{ id: string }>(
      'SELECT id FROM activity_deltas WHERE organization_id = $1 ORDER BY id LIMIT $2',
      [this.organizationId, limit],
    );
    return rows.map(({ id }) => id);
  }

  async addSessionsOf(deltaIds: readonly string[]): Promise<void> {
    await this.client.query(addSessions(DELTAS), [this.organizationId, deltaIds]);
  }

  /** Adds the days, and for those that are new the user's week, month and first day. */
  async addUserDaysOf(deltaIds: readonly string[]): Promise<void> {
    await this.client.query(ADD_USER_DAYS, [this.organizationId, deltaIds]);
  }

  async removeDeltas(deltaIds: readonly string[]): Promise<void> {
    await this.client.query(
      'DELETE FROM activity_deltas WHERE organization_id = $1 AND id = ANY($2::bigint[])',
      [this.organizationId, deltaIds],
    );
  }

  async addSessions(sessions: readonly SessionDelta[]): Promise<void> {
    await this.client.query(addSessions('SELECT $2::json AS sessions'), [
      this.organizationId,
      JSON.stringify(sessions),
    ]);
  }
}
