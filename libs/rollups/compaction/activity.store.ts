import type { ClientBase } from 'pg';
import type { SessionDelta, UserDay } from '../delta/delta.js';

interface ActivityDeltaRow {
  readonly sessions: SessionDelta[];
  readonly user_days: UserDay[];
}

/** SQL of sessions and user days. Call it in a transaction that holds the compaction lock. */
export class ActivityStore {
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async takeDeltas(limit: number): Promise<ActivityDeltaRow[]> {
    const { rows } = await this.client.query<ActivityDeltaRow>(
      `DELETE FROM activity_deltas WHERE organization_id = $1 AND id IN (
         SELECT id FROM activity_deltas WHERE organization_id = $1 LIMIT $2)
       RETURNING sessions, user_days`,
      [this.organizationId, limit],
    );
    return rows;
  }

  async addSessions(sessions: readonly SessionDelta[]): Promise<void> {
    await this.client.query({
      name: 'add-sessions',
      text: `
        INSERT INTO sessions AS s (organization_id, session_id, first_seen, last_seen, ended_at, user_id,
                                   device, talked_seconds, events)
        SELECT $1, session_id, to_timestamp(first_seen / 1000), to_timestamp(last_seen / 1000),
               to_timestamp(ended_at / 1000), user_id, device, talked_seconds, events
        FROM json_to_recordset($2::json) AS n(session_id text, first_seen float8, last_seen float8,
          ended_at float8, user_id text, device text, talked_seconds float8, events bigint)
        ON CONFLICT (organization_id, session_id) DO UPDATE SET
          first_seen = least(s.first_seen, EXCLUDED.first_seen),
          last_seen = greatest(s.last_seen, EXCLUDED.last_seen),
          ended_at = greatest(s.ended_at, EXCLUDED.ended_at),
          user_id = greatest(s.user_id, EXCLUDED.user_id),
          device = greatest(s.device, EXCLUDED.device),
          talked_seconds = s.talked_seconds + EXCLUDED.talked_seconds,
          events = s.events + EXCLUDED.events`,
      values: [this.organizationId, JSON.stringify(sessions)],
    });
  }

  /** Adds days, and for those that are new the user's week, month and first day. */
  async addUserDays(userDays: readonly UserDay[]): Promise<void> {
    await this.client.query({
      name: 'add-user-days',
      text: `
        WITH stored AS (
          INSERT INTO user_days AS d (organization_id, day, user_id, first_quarter, last_quarter)
          SELECT $1, day, user_id, first_quarter, last_quarter
          FROM unnest($2::date[], $3::text[], $4::smallint[], $5::smallint[])
            AS n(day, user_id, first_quarter, last_quarter)
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
          FROM added, unnest(ARRAY['week', 'month']) AS unit
          ON CONFLICT DO NOTHING
        )
        INSERT INTO user_first_days AS u (organization_id, user_id, first_day)
        SELECT $1, user_id, min(day) FROM added GROUP BY user_id
        ON CONFLICT (organization_id, user_id) DO UPDATE SET first_day = EXCLUDED.first_day
        WHERE u.first_day > EXCLUDED.first_day`,
      values: [
        this.organizationId,
        userDays.map(({ day }) => day),
        userDays.map(({ user_id }) => user_id),
        userDays.map(({ first }) => first),
        userDays.map(({ last }) => last),
      ],
    });
  }
}
