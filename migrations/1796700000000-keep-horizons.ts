import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/** Tables of a day of events: `<table>_YYYYMMDD`. */
const OF_A_DAY = `ARRAY['event_rows', 'event_blocks', 'event_segments']`;

/** From when on events are kept, and what retention may do (docs/decisions/043-retention.md). */
export class KeepHorizons1796700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createHorizons(runner);
    await runner.query(`
      -- Locks the partitions of a day. Only who reads all days, or stores very late events, waits for that.
      CREATE FUNCTION lock_event_day(day date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        name text;
      BEGIN
        -- begin_closing takes it too.
        PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
        FOREACH name IN ARRAY ${OF_A_DAY} LOOP
          name := name || '_' || to_char(day, 'YYYYMMDD');
          IF to_regclass('public.' || name) IS NOT NULL THEN
            EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', name);
          END IF;
        END LOOP;
      END $$;

      -- Drops the partitions of a day. Everybody who uses events waits from the first lock here until the commit;
      -- ingestion only from the last one.
      CREATE FUNCTION drop_event_day(day date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        name text;
      BEGIN
        IF day >= (now() AT TIME ZONE 'UTC')::date THEN
          RAISE EXCEPTION 'the day % is not over', day;
        END IF;
        LOCK TABLE ONLY event_blocks IN ACCESS EXCLUSIVE MODE;
        LOCK TABLE ONLY event_segments IN ACCESS EXCLUSIVE MODE;
        LOCK TABLE ONLY event_rows IN ACCESS EXCLUSIVE MODE;
        FOREACH name IN ARRAY ${OF_A_DAY} LOOP
          EXECUTE format('DROP TABLE IF EXISTS %I', name || '_' || to_char(day, 'YYYYMMDD'));
        END LOOP;
      END $$;
      REVOKE ALL ON FUNCTION lock_event_day, drop_event_day FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION lock_event_day, drop_event_day TO ${ROLES.worker};
      ${beginClosing(`IF to_regclass('public.event_rows' || suffix) IS NULL THEN RETURN; END IF;`)}

      -- Found by the time of receipt; the key begins with a random id.
      CREATE INDEX dead_letters_received ON dead_letters (organization_id, received_at);
      -- Workers delete records that have expired, and no others, whatever takes them over.
      GRANT DELETE ON ledger, audit_log TO ${ROLES.worker};
      CREATE POLICY expired ON ledger AS RESTRICTIVE FOR DELETE TO ${ROLES.worker}
        USING (received_at < now() - interval '30 days');
      CREATE POLICY expired ON audit_log AS RESTRICTIVE FOR DELETE TO ${ROLES.worker}
        USING (at < now() - interval '30 days');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP POLICY expired ON audit_log;
      DROP POLICY expired ON ledger;
      REVOKE DELETE ON ledger, audit_log FROM ${ROLES.worker};
      DROP INDEX dead_letters_received;
      ${beginClosing('')}
      DROP FUNCTION drop_event_day, lock_event_day, refuse_expired_events;
      DROP TABLE horizons;
    `);
  }
}

async function createHorizons(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE horizons (
      organization_id uuid PRIMARY KEY,
      -- Earlier events are not stored any more: their duplicates could not be recognised. Always a start of a day, and
      -- never lowered. Raised with a lock that no transaction holds that stores events.
      events_from timestamptz NOT NULL,
      -- Before it, no event of the organization is left.
      cleared_until timestamptz NOT NULL DEFAULT '-infinity',
      -- Events that the ledger has as stored and that retention has deleted.
      gone_events bigint NOT NULL DEFAULT 0,
      -- User days, sessions and rollups before it may be deleted.
      metrics_from timestamptz NOT NULL
    );
    ${wall('horizons', 'organization_id', { worker: 'SELECT, INSERT, UPDATE' })}

    -- For the statement that stores events: true, unless an organization has an event before its horizon. The arguments are
    -- the organizations and the first instants of their events. The statement has locked event_rows, so no horizon rises
    -- before its transaction ends.
    CREATE FUNCTION refuse_expired_events(organizations uuid[], firsts timestamptz[]) RETURNS boolean
    LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM unnest($1, $2) AS k(organization_id, ts), horizons h
        WHERE h.organization_id = k.organization_id AND k.ts < h.events_from
      ) THEN
        RAISE EXCEPTION 'there are events of days that are no longer kept' USING ERRCODE = 'MR001';
      END IF;
      RETURN true;
    END $$;
    REVOKE ALL ON FUNCTION refuse_expired_events FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION refuse_expired_events TO ${ROLES.worker};
  `);
}

/** Prepares a day for its segments, as in index-blocks. */
const beginClosing = (unlessDropped: string) => `
  CREATE OR REPLACE FUNCTION begin_closing(day date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    suffix text := '_' || to_char(day, 'YYYYMMDD');
    name text;
  BEGIN
    IF day >= (now() AT TIME ZONE 'UTC')::date THEN
      RAISE EXCEPTION 'the day % is not over', day;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
    ${unlessDropped}
    IF to_regclass('public.event_blocks' || suffix) IS NOT NULL THEN RETURN; END IF;
    FOREACH name IN ARRAY ARRAY['event_blocks', 'event_segments'] LOOP
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name || suffix, name);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name || suffix);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name || suffix);
      EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, name || suffix, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
    EXECUTE format(
      'CREATE TRIGGER closed AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION refuse_closed_event()',
      'event_rows' || suffix);
    -- Workers empty the partition of a closed day.
    EXECUTE format('GRANT TRUNCATE ON %I TO ${ROLES.worker}', 'event_rows' || suffix);
  END $$;`;
