import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  CURRENT_ORGANIZATION,
  isReader,
  READERS,
  ROLES,
  readerOrganizationOr,
  showToReaders,
} from '#database';

/** Without those who sent a batch and from where, which the audit log keeps for administrators. */
const LEDGER_COLUMNS = [
  'organization_id',
  'received_at',
  'batch_id',
  'received',
  'stored',
  'duplicate',
  'dead_lettered',
] as const;

/** What readers may see: table → columns; null: all. */
const SHOWN: Readonly<Record<string, readonly string[] | null>> = {
  event_rows: null,
  event_blocks: null,
  event_segments: null,
  rollups: null,
  rollup_deltas: null,
  sessions: null,
  user_days: null,
  activity_deltas: null,
  users: null,
  ledger: LEDGER_COLUMNS,
};

/** Roles that read one organization in SQL, and what they are given to read (docs/decisions/037-roles-for-sql.md). */
export class SqlReaders1796300000000 implements MigrationInterface {
  // Each CREATE POLICY locks its table alone: in one transaction they could deadlock with a running worker.
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Belongs to the cluster, like the roles of the first migration.
      DO $$ BEGIN
        CREATE ROLE ${READERS} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
      GRANT USAGE ON SCHEMA public TO ${READERS};
    `);
    for (const [table, columns] of Object.entries(SHOWN)) {
      await runner.query(`DROP POLICY IF EXISTS reader ON ${table}`);
      await runner.query(showToReaders(table, 'organization_id', columns ?? undefined));
    }
    // One query, hence one transaction.
    await runner.query(`
      -- The organization of a reader, or else that of the running transaction. For conditions; the wall is in the policies.
      CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE AS $$
        SELECT ${readerOrganizationOr(CURRENT_ORGANIZATION)}
      $$;

      -- The events of a half-open range.
      CREATE FUNCTION events(from_ts timestamptz, to_ts timestamptz DEFAULT 'infinity') RETURNS SETOF events
      LANGUAGE sql STABLE AS $$
        SELECT * FROM events_between(current_organization(), $1, $2)
      $$;

      -- The events of one user in a half-open range; opens only the blocks that may have some.
      CREATE FUNCTION events_of_user(
        user_id text, from_ts timestamptz DEFAULT '-infinity', to_ts timestamptz DEFAULT 'infinity'
      ) RETURNS SETOF events LANGUAGE sql STABLE AS $$
        SELECT * FROM events_of_users(current_organization(), $2, $3, ARRAY[$1])
      $$;

      CREATE VIEW batches WITH (security_invoker = true) AS
        SELECT ${LEDGER_COLUMNS.join(', ')} FROM ledger;

      GRANT SELECT ON events, batches TO ${READERS};

      -- Ends the sessions of readers whose transaction has been open for longer than this. SECURITY DEFINER: workers may not
      -- end sessions of others.
      CREATE FUNCTION end_long_reads(longest interval) RETURNS integer
      LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::integer FROM pg_stat_activity
        WHERE datname = current_database() AND ${isReader('usename')} AND clock_timestamp() - xact_start > $1
      $$;
      REVOKE ALL ON FUNCTION end_long_reads FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION end_long_reads TO ${ROLES.worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      DECLARE
        view name;
      BEGIN
        FOR view IN
          SELECT relname FROM pg_class
          WHERE relnamespace = 'public'::regnamespace AND obj_description(oid, 'pg_class') LIKE '%[event view %]'
        LOOP
          EXECUTE format('DROP FUNCTION %I(timestamptz, timestamptz); DROP VIEW %I', view, view);
        END LOOP;
      END $$;
      DROP FUNCTION end_long_reads, events(timestamptz, timestamptz), events_of_user;
      DROP VIEW batches;
      DROP FUNCTION current_organization;
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${READERS};
      REVOKE ALL ON SCHEMA public FROM ${READERS};
    `);
    for (const table of Object.keys(SHOWN)) await runner.query(`DROP POLICY reader ON ${table}`);
  }
}
