import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

const WORKER = 'SELECT, INSERT, DELETE';

/**
 * Users by week and month, and their first days, kept beside user_days (docs/decisions/036-user-periods.md). Indexes by
 * which sessions are listed.
 */
export class CountUsers1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The weeks and months, in UTC, of which user_days has a day.
      CREATE TABLE user_periods (
        organization_id uuid NOT NULL,
        unit text COLLATE "C" NOT NULL CHECK (unit IN ('week', 'month')),
        -- First day; weeks begin on Monday.
        period date NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        PRIMARY KEY (organization_id, unit, period, user_id)
      );
      ${wall('user_periods', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE user_first_days (
        organization_id uuid NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        first_day date NOT NULL,
        PRIMARY KEY (organization_id, user_id)
      );
      CREATE INDEX user_first_days_day ON user_first_days (organization_id, first_day);
      ${wall('user_first_days', 'organization_id', { api: 'SELECT', worker: `${WORKER}, UPDATE` })}

      -- Lets the owner read the rows.
      ALTER TABLE user_days NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_periods NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_first_days NO FORCE ROW LEVEL SECURITY;
      INSERT INTO user_periods
        SELECT DISTINCT organization_id, unit, date_trunc(unit, day::timestamp)::date, user_id
        FROM user_days, unnest(ARRAY['week', 'month']) AS unit;
      INSERT INTO user_first_days SELECT organization_id, user_id, min(day) FROM user_days GROUP BY organization_id, user_id;
      ALTER TABLE user_days FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_periods FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_first_days FORCE ROW LEVEL SECURITY;

      DROP INDEX sessions_user;
      CREATE INDEX sessions_user ON sessions (organization_id, user_id, first_seen, session_id);
      CREATE INDEX sessions_start ON sessions (organization_id, first_seen, session_id);

      -- Who sent the events of a half-open range, and when: of segments, only these two columns are decompressed.
      CREATE FUNCTION users_between(organization uuid, from_ts timestamptz, to_ts timestamptz)
      RETURNS TABLE (ts timestamptz, user_id text) LANGUAGE sql STABLE AS $$
        SELECT ts, user_id FROM event_rows
        WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND user_id IS NOT NULL
        UNION ALL
        SELECT e.ts, e.user_id
        FROM event_segments s, LATERAL (SELECT unnest(s.ts) AS ts, unnest(s.user_ids) COLLATE "C" AS user_id) AS e
        WHERE s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
          AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'
          AND e.ts >= $2 AND e.ts < $3 AND e.user_id IS NOT NULL
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION users_between(uuid, timestamptz, timestamptz);
      DROP INDEX sessions_start, sessions_user;
      CREATE INDEX sessions_user ON sessions (organization_id, user_id);
      DROP TABLE user_first_days, user_periods;
    `);
  }
}
