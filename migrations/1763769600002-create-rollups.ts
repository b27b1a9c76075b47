import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

const WORKER = 'SELECT, INSERT, UPDATE, DELETE';

/** Rollups, sessions and user days, and the deltas that are folded into them. */
export class CreateRollups1763769600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- measure '' counts events. dimensions last, so that the rows of a bucket are adjacent.
      CREATE TABLE rollups (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        measure text COLLATE "C" NOT NULL,
        window_seconds integer NOT NULL,
        bucket timestamptz NOT NULL,
        dimensions jsonb NOT NULL,
        count bigint NOT NULL,
        sum double precision,
        min double precision,
        max double precision,
        sketch bytea,
        PRIMARY KEY (organization_id, type, measure, window_seconds, bucket, dimensions)
      ) WITH (fillfactor = 70);
      ${wall('rollups', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE sessions (
        organization_id uuid NOT NULL,
        session_id text COLLATE "C" NOT NULL,
        first_seen timestamptz NOT NULL,
        last_seen timestamptz NOT NULL,
        ended_at timestamptz,
        user_id text COLLATE "C",
        device text COLLATE "C",
        talked_seconds double precision NOT NULL,
        events bigint NOT NULL,
        PRIMARY KEY (organization_id, session_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX sessions_user ON sessions (organization_id, user_id);
      ${wall('sessions', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE user_days (
        organization_id uuid NOT NULL,
        day date NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        PRIMARY KEY (organization_id, day, user_id)
      );
      ${wall('user_days', 'organization_id', { api: 'SELECT', worker: WORKER })}

      -- What a transaction adds to the three tables above. Written with its events, folded in later.
      CREATE TABLE rollup_deltas (
        organization_id uuid NOT NULL,
        type text COLLATE "C" NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        series json NOT NULL,
        PRIMARY KEY (organization_id, type, id)
      );
      ${wall('rollup_deltas', 'organization_id', { api: 'SELECT', worker: WORKER })}

      CREATE TABLE activity_deltas (
        organization_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        sessions json NOT NULL,
        user_days json NOT NULL,
        PRIMARY KEY (organization_id, id)
      );
      ${wall('activity_deltas', 'organization_id', { api: 'SELECT', worker: WORKER })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_deltas, rollup_deltas, user_days, sessions, rollups');
  }
}
