import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

const COLUMNS =
  'organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision';

/** Events of a segment `s`, as rows `e`. */
const DECODED = `
  decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                 s.payloads, s.type_revisions) AS e`;

/**
 * Rows of segments that meet a condition on `s`. Two queries, so that a condition on the type rules out segments before
 * they are decoded.
 */
const segmentRows = (condition = 'true', onEvents = 'true') =>
  [
    ['s.type', `s.type <> ''`],
    ['e.type', `s.type = ''`],
  ]
    .map(
      ([type, kind]) => `
        SELECT s.organization_id, e.ts, e.received_at, e.id, ${type}, e.user_id, e.session_id, e.src, e.payload::json,
               e.type_revision
        FROM event_segments s, ${DECODED}
        WHERE ${kind} AND ${condition} AND ${onEvents}`,
    )
    .join(' UNION ALL ');

/**
 * Events of closed days in segments (docs/decisions/034-closed-days-as-columns.md). `events` becomes a view of rows and
 * segments.
 */
export class CloseDays1795800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE events RENAME TO event_rows;
      ALTER INDEX events_pkey RENAME TO event_rows_pkey;
      ${renamePartitions('events', 'event_rows')}
      ${ensurePartitions('event_rows')}
    `);
    await createSegments(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropSegments(runner);
    await runner.query(`
      ALTER TABLE event_rows RENAME TO events;
      ALTER INDEX event_rows_pkey RENAME TO events_pkey;
      ${renamePartitions('event_rows', 'events')}
      ${ensurePartitions('events')}
    `);
  }
}

/** Creates segments, and the view of rows and segments. */
export async function createSegments(runner: QueryRunner): Promise<void> {
  await runner.query(`
      -- A block is up to 4,000 consecutive events of an organization, in order of (ts, id). It has a segment for each of
      -- its common types, and one for all others. Blocks of an organization do not overlap.
      CREATE TABLE event_segments (
        organization_id uuid NOT NULL,
        -- First and last event of the block.
        first_ts timestamptz NOT NULL,
        first_id text COLLATE "C" NOT NULL,
        last_ts timestamptz NOT NULL,
        last_id text COLLATE "C" NOT NULL,
        -- '': several types, in the column "types".
        type text COLLATE "C" NOT NULL,
        events integer NOT NULL,
        ts timestamptz[] NOT NULL,
        received_at timestamptz[] NOT NULL,
        -- Ids that are UUIDs in lower case; all others are in "ids".
        uuids uuid[],
        ids text[],
        types text[],
        user_ids text[],
        session_ids text[],
        srcs text[],
        -- Joined by U+001E, which JSON cannot contain.
        payloads text NOT NULL,
        type_revisions integer[],
        PRIMARY KEY (organization_id, last_ts, last_id, type)
      ) PARTITION BY RANGE (last_ts);
      ${wall('event_segments', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, DELETE' })}

      -- Inlined by the planner. Payloads are text: what is only filtered or moved need not be parsed.
      CREATE FUNCTION decode_segment(
        ts timestamptz[], received_at timestamptz[], uuids uuid[], ids text[], type text, types text[], user_ids text[],
        session_ids text[], srcs text[], payloads text, type_revisions integer[]
      ) RETURNS TABLE (
        ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text, src text, payload text,
        type_revision integer
      ) LANGUAGE sql IMMUTABLE AS $$
        SELECT e.ts, e.received_at, coalesce(e.uuid::text, e.id) COLLATE "C", coalesce(e.type, $5) COLLATE "C",
               e.user_id COLLATE "C", e.session_id COLLATE "C", e.src COLLATE "C", e.payload, e.type_revision
        FROM unnest($1, $2, $3, $4, $6, $7, $8, $9, string_to_array($10, E'\\x1e'), $11)
          AS e(ts, received_at, uuid, id, type, user_id, session_id, src, payload, type_revision)
      $$;

      CREATE VIEW events WITH (security_invoker = true) AS
        SELECT ${COLUMNS} FROM event_rows
        UNION ALL
        ${segmentRows()};
      GRANT SELECT ON events TO ${ROLES.api}, ${ROLES.worker};

      -- The events of a half-open range; unlike the view, it opens only the segments of that range. Inlined by the planner.
      CREATE FUNCTION events_between(organization uuid, from_ts timestamptz, to_ts timestamptz) RETURNS TABLE (
        organization_id uuid, ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text,
        src text, payload json, type_revision integer
      ) LANGUAGE sql STABLE AS $$
        SELECT ${COLUMNS} FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3
        UNION ALL
        ${segmentRows(
          `s.organization_id = $1 AND s.last_ts >= $2 AND s.first_ts < $3
          AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'`,
          'e.ts >= $2 AND e.ts < $3',
        )}
      $$;

      -- Whether a segment has the event. Only one block can.
      CREATE FUNCTION is_closed_event(organization uuid, event_ts timestamptz, event_id text) RETURNS boolean
      LANGUAGE sql STABLE AS $$
        SELECT EXISTS (
          SELECT FROM event_segments s, (
            SELECT last_ts, last_id FROM event_segments
            WHERE organization_id = $1 AND last_ts >= $2 AND last_ts < date_trunc('day', $2, 'UTC') + interval '1 day'
              AND (last_ts, last_id) >= ($2, $3)
            ORDER BY last_ts, last_id LIMIT 1
          ) AS block
          WHERE s.organization_id = $1 AND s.last_ts = block.last_ts AND s.last_id = block.last_id
            AND (s.first_ts, s.first_id) <= ($2, $3) AND $2 = ANY(s.ts)
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
    `);
  await runner.query(`
      -- Prepares a day that is over for its segments. From the commit on, its partition of event_rows refuses events
      -- that a segment has; the lock of CREATE TRIGGER waits for inserts in flight. SECURITY DEFINER: only the owner may
      -- create these.
      CREATE FUNCTION begin_closing(day date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        rows_of_day text := 'event_rows_' || to_char(day, 'YYYYMMDD');
        segments_of_day text := 'event_segments_' || to_char(day, 'YYYYMMDD');
      BEGIN
        IF day >= (now() AT TIME ZONE 'UTC')::date THEN
          RAISE EXCEPTION 'the day % is not over', day;
        END IF;
        PERFORM pg_advisory_xact_lock(hashtext('begin_closing'));
        IF to_regclass('public.' || segments_of_day) IS NOT NULL THEN RETURN; END IF;
        EXECUTE format('CREATE TABLE %I (LIKE event_segments INCLUDING ALL)', segments_of_day);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', segments_of_day);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', segments_of_day);
        EXECUTE format(
          'ALTER TABLE event_segments ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          segments_of_day, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        EXECUTE format(
          'CREATE TRIGGER closed AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION refuse_closed_event()', rows_of_day);
        -- Workers empty the partition of a closed day.
        EXECUTE format('GRANT TRUNCATE ON %I TO ${ROLES.worker}', rows_of_day);
      END $$;
      REVOKE ALL ON FUNCTION begin_closing FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION begin_closing TO ${ROLES.worker};
    `);
}

/** Makes rows of all segments, and drops what `createSegments` has created. */
export async function dropSegments(runner: QueryRunner): Promise<void> {
  await runner.query(`
    ALTER TABLE event_rows NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE event_segments NO FORCE ROW LEVEL SECURITY;
    DROP FUNCTION refuse_closed_event CASCADE;
    INSERT INTO event_rows (${COLUMNS}) ${segmentRows()};
    DROP VIEW events;
    DROP TABLE event_segments;
    DROP FUNCTION begin_closing, is_closed_event, events_between, decode_segment;
    ALTER TABLE event_rows FORCE ROW LEVEL SECURITY;
  `);
}

/** Renames the day partitions and their keys. */
const renamePartitions = (from: string, to: string) => `
  DO $$
  DECLARE
    partition record;
  BEGIN
    FOR partition IN SELECT relname FROM pg_class WHERE relname ~ '^${from}_[0-9]{8}(_pkey)?$' LOOP
      EXECUTE format('ALTER TABLE %I RENAME TO %I', partition.relname, replace(partition.relname, '${from}_', '${to}_'));
    END LOOP;
  END $$;`;

/** Creates the day partitions of the table. */
const ensurePartitions = (table: string) => `
  CREATE OR REPLACE FUNCTION ensure_event_partitions(first_day date, last_day date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    day date;
    partition text;
    created integer := 0;
  BEGIN
    IF last_day - first_day > 4000 THEN
      RAISE EXCEPTION 'refusing to create % day partitions', last_day - first_day;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
    FOR day IN SELECT generate_series(first_day, last_day, '1 day')::date LOOP
      partition := '${table}_' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
      -- ATTACH instead of PARTITION OF, which would wait for all readers of events and block writers meanwhile.
      EXECUTE format('CREATE TABLE %I (LIKE ${table} INCLUDING ALL)', partition);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
      EXECUTE format(
        'ALTER TABLE ${table} ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
      created := created + 1;
    END LOOP;
    RETURN created;
  END $$;`;
