import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/** The canary's organization, as `CANARY_ORGANIZATION` in libs/identity. */
const CANARY = '00000000-0000-4000-8000-63616e617279';

/** The health of the installation: a row for each run of the checks, and what the checks read. */
export class CheckHealth1796900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Nothing has ever written to it.
      DROP TABLE health_checks;
      CREATE TABLE health_checks (
        -- Of the job, so that several workers make one row.
        slot timestamptz PRIMARY KEY,
        checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        every_seconds integer NOT NULL,
        status text NOT NULL CHECK (status IN ('ok', 'warn', 'fail')),
        -- An array with name, status, summary, figures and duration_ms of each check.
        checks jsonb NOT NULL
      );
      ${wall('health_checks', null, { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- How far the clock of the process is ahead of this server's.
      ALTER TABLE replicas ADD COLUMN clock_ahead_ms double precision;
      GRANT INSERT (clock_ahead_ms), UPDATE (clock_ahead_ms) ON replicas TO ${ROLES.api};
      GRANT SELECT (kind, clock_ahead_ms), INSERT (clock_ahead_ms), UPDATE (clock_ahead_ms)
        ON replicas TO ${ROLES.worker};

      -- SECURITY DEFINER: roles see the transactions of their own sessions only.
      CREATE FUNCTION server_activity()
      RETURNS TABLE (oldest_transaction_seconds double precision, replicas integer,
                     replication_lag_bytes double precision)
      LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT
          (SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()),
          count(*)::integer, max(pg_current_wal_lsn() - replay_lsn)::double precision
        FROM pg_stat_replication
      $$;
      REVOKE ALL ON FUNCTION server_activity FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION server_activity TO ${ROLES.worker};
    `);
    // With the API's role: row-level security holds for the owner as well, unless it is a superuser.
    await runner.query(`
      SET LOCAL ROLE ${ROLES.api};
      SET LOCAL app.current_org_id = '${CANARY}';
      INSERT INTO organizations (id, name) VALUES ('${CANARY}', 'Millrace canary') ON CONFLICT DO NOTHING;
      RESET ROLE;
      SET LOCAL app.current_org_id = '';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The canary's events stay, as those of an organization that nobody has a key for.
    await runner.query(`
      DROP FUNCTION server_activity;
      ALTER TABLE replicas DROP COLUMN clock_ahead_ms;
      REVOKE SELECT (kind) ON replicas FROM ${ROLES.worker};
      DROP TABLE health_checks;
      CREATE TABLE health_checks (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        checked_at timestamptz NOT NULL DEFAULT now(),
        healthy boolean NOT NULL,
        details jsonb NOT NULL DEFAULT '{}'
      );
      ${wall('health_checks', null, { worker: 'SELECT, INSERT, UPDATE, DELETE' })}
    `);
  }
}
