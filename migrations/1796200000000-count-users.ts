import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

const WORKER = 'SELECT, INSERT, DELETE';

/**
 * When in a day users were active, their weeks and months, and their first days (docs/decisions/036-active-users.md).
 * Indexes by which sessions are listed.
 */
export class CountUsers1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- First and last quarter-hour of the day, 0 to 95, with an event of the user.
      ALTER TABLE user_days ADD first_quarter smallint NOT NULL DEFAULT 0, ADD last_quarter smallint NOT NULL DEFAULT 95;

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
      ALTER TABLE activity_deltas NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE event_rows NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE event_segments NO FORCE ROW LEVEL SECURITY;
      -- From the events, so that the days of pending deltas, which do not have quarters yet, are included.
      INSERT INTO user_days
        SELECT organization_id, (ts AT TIME ZONE 'UTC')::date AS day, user_id, min(quarter), max(quarter)
        FROM events, LATERAL (SELECT (floor(extract(epoch FROM ts) / 900)::bigint % 96)::smallint AS quarter) AS q
        WHERE user_id IS NOT NULL GROUP BY organization_id, day, user_id
        ON CONFLICT (organization_id, day, user_id) DO UPDATE
        SET first_quarter = EXCLUDED.first_quarter, last_quarter = EXCLUDED.last_quarter;
      UPDATE activity_deltas SET user_days = '[]';
      INSERT INTO user_periods
        SELECT DISTINCT organization_id, unit, date_trunc(unit, day::timestamp)::date, user_id
        FROM user_days, unnest(ARRAY['week', 'month']) AS unit;
      INSERT INTO user_first_days SELECT organization_id, user_id, min(day) FROM user_days GROUP BY organization_id, user_id;
      ALTER TABLE user_days FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_periods FORCE ROW LEVEL SECURITY;
      ALTER TABLE user_first_days FORCE ROW LEVEL SECURITY;
      ALTER TABLE activity_deltas FORCE ROW LEVEL SECURITY;
      ALTER TABLE event_rows FORCE ROW LEVEL SECURITY;
      ALTER TABLE event_segments FORCE ROW LEVEL SECURITY;

      DROP INDEX sessions_user;
      CREATE INDEX sessions_user ON sessions (organization_id, user_id, first_seen, session_id);
      CREATE INDEX sessions_start ON sessions (organization_id, first_seen, session_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX sessions_start, sessions_user;
      CREATE INDEX sessions_user ON sessions (organization_id, user_id);
      DROP TABLE user_first_days, user_periods;
      ALTER TABLE user_days DROP first_quarter, DROP last_quarter;
    `);
  }
}
