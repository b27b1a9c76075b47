import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';
import { createSegments, dropSegments } from './1795800000000-close-days.js';

const COLUMNS =
  'organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision';

/** Events of a segment `s`, as rows `e`. */
const DECODED = `
  decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                 s.payloads, s.type_revisions) AS e`;

/**
 * Rows of segments. Two queries, so that a condition on the type rules out segments before they are decoded.
 * @param condition on segments and their events `e`
 */
const segmentRows = (condition = 'true') =>
  [
    ['s.type', `s.type <> ''`],
    ['e.type', `s.type = ''`],
  ]
    .map(
      ([type, kind]) => `
        SELECT s.organization_id, e.ts, e.received_at, e.id, ${type}, e.user_id, e.session_id, e.src, e.payload, e.type_revision
        FROM event_segments s, ${DECODED}
        WHERE ${kind} AND ${condition}`,
    )
    .join(' UNION ALL ');

/** Segments of organization $1 that reach into the range from $2 to $3; only the partitions of its days are opened. */
const OF_RANGE = `
  s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
  AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'`;

/**
 * Blocks with a filter, so that a search for a user or a session skips the blocks without it
 * (docs/decisions/034-closed-days-as-columns.md). Closed days become rows, and are closed again.
 */
export class IndexBlocks1795900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await dropSegments(runner);
    await runner.query(`
      -- A block is up to 4,000 consecutive events of an organization, in order of (ts, id). Blocks of an organization do not
      -- overlap.
      CREATE TABLE event_blocks (
        organization_id uuid NOT NULL,
        -- First and last event.
        first_ts timestamptz NOT NULL,
        first_id text COLLATE "C" NOT NULL,
        last_ts timestamptz NOT NULL,
        last_id text COLLATE "C" NOT NULL,
        events integer NOT NULL,
        -- Bytes of all payloads.
        payload_bytes bigint NOT NULL,
        -- Three bytes of the hash of each user id and session id, see may_have.
        filter bytea NOT NULL,
        PRIMARY KEY (organization_id, last_ts, last_id)
      ) PARTITION BY RANGE (last_ts);
      -- Hashes do not compress.
      ALTER TABLE event_blocks ALTER COLUMN filter SET STORAGE EXTERNAL;
      ${wall('event_blocks', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- The events of a block as columns: a segment for each of its common types, and one for all others.
      CREATE TABLE event_segments (
        organization_id uuid NOT NULL,
        -- Of the block.
        first_ts timestamptz NOT NULL,
        last_ts timestamptz NOT NULL,
        last_id text COLLATE "C" NOT NULL,
        -- '': several types, in the column "types".
        type text COLLATE "C" NOT NULL,
        ts timestamptz[] NOT NULL,
        received_at timestamptz[] NOT NULL,
        -- Ids, if all of them are UUIDs in lower case; otherwise they are in "ids".
        uuids uuid[],
        ids text[],
        types text[],
        user_ids text[],
        session_ids text[],
        srcs text[],
        payloads json[] NOT NULL,
        type_revisions integer[],
        PRIMARY KEY (organization_id, last_ts, last_id, type)
      ) PARTITION BY RANGE (last_ts);
      ${wall('event_segments', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- Inlined by the planner, like all functions in SQL here.
      CREATE FUNCTION decode_segment(
        ts timestamptz[], received_at timestamptz[], uuids uuid[], ids text[], type text, types text[], user_ids text[],
        session_ids text[], srcs text[], payloads json[], type_revisions integer[]
      ) RETURNS TABLE (
        ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text, src text, payload json,
        type_revision integer
      ) LANGUAGE sql IMMUTABLE AS $$
        SELECT e.ts, e.received_at, coalesce(e.uuid::text, e.id) COLLATE "C", coalesce(e.type, $5) COLLATE "C",
               e.user_id COLLATE "C", e.session_id COLLATE "C", e.src COLLATE "C", e.payload, e.type_revision
        FROM (
          SELECT unnest($1) AS ts, unnest($2) AS received_at, unnest($3) AS uuid, unnest($4) AS id, unnest($6) AS type,
                 unnest($7) AS user_id, unnest($8) AS session_id, unnest($9) AS src, unnest($10) AS payload,
                 unnest($11) AS type_revision
        ) AS e
      $$;

      -- An entry of a block's filter, and whether a block may have events of a user or a session. PostgreSQL's hashes depend
      -- on the byte order of the machine. A filter begins with the hash of '': where that differs, it rules out nothing.
      CREATE FUNCTION filter_entry(text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
        SELECT substring(int8send(hashtextextended($1 COLLATE "C", 0)) FOR 3)
      $$;
      CREATE FUNCTION may_have(filter bytea, entry text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT position(filter_entry($2) IN $1) > 0 OR substring($1 FOR 3) <> filter_entry('')
      $$;
      CREATE FUNCTION may_have_user(filter bytea, user_id text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT may_have($1, 'user ' || $2)
      $$;
      CREATE FUNCTION may_have_session(filter bytea, session_id text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT may_have($1, 'session ' || $2)
      $$;

      CREATE VIEW events WITH (security_invoker = true) AS
        SELECT ${COLUMNS} FROM event_rows
        UNION ALL
        ${segmentRows()};
      GRANT SELECT ON events TO ${ROLES.api}, ${ROLES.worker};

      -- The events of a half-open range. Unlike the view, it opens only the segments of that range.
      CREATE FUNCTION events_between(organization uuid, from_ts timestamptz, to_ts timestamptz) RETURNS TABLE (
        organization_id uuid, ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text,
        src text, payload json, type_revision integer
      ) LANGUAGE sql STABLE AS $$
        SELECT ${COLUMNS} FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3
        UNION ALL
        ${segmentRows(`${OF_RANGE} AND e.ts >= $2 AND e.ts < $3`)}
      $$;

      -- The payloads of a type in a half-open range. Of segments of that type, only those at its ends need other columns.
      CREATE FUNCTION payloads_between(organization uuid, from_ts timestamptz, to_ts timestamptz, of_type text)
      RETURNS SETOF json LANGUAGE sql STABLE AS $$
        SELECT payload FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND type = $4
        UNION ALL
        SELECT unnest(s.payloads) FROM event_segments s
        WHERE s.organization_id = $1 AND s.first_ts >= $2 AND s.last_ts >= $2 AND s.last_ts < $3 AND s.type = $4
        UNION ALL
        SELECT e.payload
        FROM event_segments s, unnest(s.ts, s.types, s.payloads) AS e(ts, type, payload)
        WHERE ${OF_RANGE} AND ((s.type = $4 AND (s.first_ts < $2 OR s.last_ts >= $3)) OR $4 = ANY(s.types))
          AND e.ts >= $2 AND e.ts < $3 AND (e.type IS NULL OR e.type = $4)
      $$;

      -- Whether a segment has the event. Only one block can.
      CREATE FUNCTION is_closed_event(organization uuid, event_ts timestamptz, event_id text) RETURNS boolean
      LANGUAGE sql STABLE AS $$
        SELECT EXISTS (
          SELECT FROM event_segments s, (
            SELECT first_ts, first_id, last_ts, last_id FROM event_blocks
            WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < date_trunc('day', $2, 'UTC') + interval '1 day'
              AND (last_ts, last_id) >= ($2, $3)
            ORDER BY last_ts, last_id LIMIT 1
          ) AS block
          WHERE s.organization_id = $1 AND s.last_ts = block.last_ts AND s.last_id = block.last_id
            AND (block.first_ts, block.first_id) <= ($2, $3) AND $2 = ANY(s.ts)
            AND EXISTS (
              SELECT FROM unnest(s.ts, s.uuids, s.ids) AS e(ts, uuid, id)
              WHERE e.ts = $2 AND coalesce(e.uuid::text, e.id) = $3
            )
        )
      $$;

      -- AFTER: the insert has waited for whoever deletes the row of the same event, so the segment is visible.
      CREATE FUNCTION refuse_closed_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF is_closed_event(NEW.organization_id, NEW.ts, NEW.id) THEN
          RAISE unique_violation USING MESSAGE = 'the event is in a segment', CONSTRAINT = 'event_segments';
        END IF;
        RETURN NULL;
      END $$;

      -- Prepares a day that is over for its segments. From the commit on, its partition of event_rows refuses events
      -- that a segment has; the lock of CREATE TRIGGER waits for inserts in flight. SECURITY DEFINER: only the owner may
      -- create these.
      CREATE FUNCTION begin_closing(day date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        suffix text := '_' || to_char(day, 'YYYYMMDD');
        name text;
      BEGIN
        IF day >= (now() AT TIME ZONE 'UTC')::date THEN
          RAISE EXCEPTION 'the day % is not over', day;
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
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
      END $$;
      REVOKE ALL ON FUNCTION begin_closing FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION begin_closing TO ${ROLES.worker};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE event_rows NO FORCE ROW LEVEL SECURITY;
      ALTER TABLE event_segments NO FORCE ROW LEVEL SECURITY;
      DROP FUNCTION refuse_closed_event CASCADE;
      INSERT INTO event_rows (${COLUMNS}) ${segmentRows()};
      DROP VIEW events;
      DROP TABLE event_segments, event_blocks;
      DROP FUNCTION begin_closing, is_closed_event, payloads_between, events_between, may_have_user, may_have_session, may_have,
                    filter_entry, decode_segment;
      ALTER TABLE event_rows FORCE ROW LEVEL SECURITY;
    `);
    await createSegments(runner);
  }
}
