import type { MigrationInterface, QueryRunner } from 'typeorm';
import { showToReaders, wall } from '#database';
import { EventsOfUsers1796000000000 } from './1796000000000-events-of-users.js';

const COLUMNS =
  'organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision';

/** Filters for the rows of days that are not closed (docs/decisions/038-blocks-of-rows.md). */
export class RowBlocks1796400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Consecutive rows of an organization on one day, from after one position to another one. The blocks of a day have
      -- no gaps between them; the first one begins with the day. Rows behind the last one belong to no block yet.
      CREATE TABLE row_blocks (
        organization_id uuid NOT NULL,
        after_ts timestamptz NOT NULL,
        after_id text COLLATE "C" NOT NULL,
        last_ts timestamptz NOT NULL,
        last_id text COLLATE "C" NOT NULL,
        -- Whether rows may have come since the filter was made.
        is_stale boolean NOT NULL DEFAULT false,
        -- Three bytes of the hash of each user id, session id and type, see may_have.
        filter bytea NOT NULL,
        PRIMARY KEY (organization_id, last_ts, last_id)
      );
      ALTER TABLE row_blocks ALTER COLUMN filter SET STORAGE EXTERNAL;
      ${wall('row_blocks', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT, UPDATE, DELETE' })}
      ${showToReaders('row_blocks', 'organization_id')}

      -- Where to look for rows of a type, some users and a session (NULL: any) from an instant on and before a position:
      -- each answer is a stretch after one position and before another one. Stretches that have none are left out, as far
      -- as filters can tell. The deltas that are not compacted yet say to which minutes rows have been added.
      CREATE FUNCTION row_stretches(
        organization uuid, from_ts timestamptz, until_ts timestamptz, until_id text, of_type text, of_users text[],
        of_session text
      ) RETURNS TABLE (after_ts timestamptz, after_id text, until_ts timestamptz, until_id text) LANGUAGE sql STABLE AS $$
        SELECT greatest(after_ts, $2), CASE WHEN after_ts < $2 THEN '' ELSE after_id END,
               least(end_ts, $3), CASE WHEN (end_ts, end_id) < ($3, $4) THEN end_id ELSE $4 END
        FROM (
          -- The smallest id after the last one.
          SELECT after_ts, after_id, last_ts AS end_ts, last_id || chr(1) AS end_id FROM row_blocks
          WHERE organization_id = $1 AND last_ts >= $2 AND after_ts <= $3 AND (
            is_stale
            OR (($5 IS NULL OR may_have(filter, 'type ' || $5)) AND ($7 IS NULL OR may_have_session(filter, $7))
                AND ($6 IS NULL OR EXISTS (SELECT FROM unnest($6) AS u(id) WHERE may_have_user(filter, u.id))))
            OR tstzrange(after_ts, last_ts, '[]') && (
              SELECT range_agg(tstzrange(minute, minute + interval '1 minute')) FROM (
                SELECT DISTINCT to_timestamp((delta ->> 't')::float8) AS minute
                FROM rollup_deltas, json_array_elements(series) AS delta
                WHERE organization_id = $1 AND ($5 IS NULL OR type = $5)
              ) AS added
            )
          )
          UNION ALL
          -- Behind the last block of each day, and before the first day that has blocks.
          SELECT last_ts, last_id, coalesce(lead(day) OVER (ORDER BY day), 'infinity'), '' FROM (
            SELECT timestamptz '-infinity' AS day, $2 AS last_ts, '' AS last_id
            UNION ALL
            (SELECT DISTINCT ON (day) day, last_ts, last_id
             FROM row_blocks, date_trunc('day', last_ts, 'UTC') AS day
             WHERE organization_id = $1 AND last_ts >= $2 AND after_ts <= $3
             ORDER BY day, last_ts DESC, last_id DESC)
          ) AS ends
        ) AS stretches
      $$;

      -- The same events as before. Of the rows, it reads only the stretches that may have some.
      CREATE OR REPLACE FUNCTION events_of_users(
        organization uuid, from_ts timestamptz, to_ts timestamptz, of_users text[]
      ) RETURNS TABLE (
        organization_id uuid, ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text,
        src text, payload json, type_revision integer
      ) LANGUAGE sql STABLE AS $$
        SELECT r.* FROM row_stretches($1, $2, $3, '', NULL, $4, NULL) AS s, LATERAL (
          SELECT ${COLUMNS} FROM event_rows
          WHERE organization_id = $1 AND (ts, id) > (s.after_ts, s.after_id) AND (ts, id) < (s.until_ts, s.until_id)
            AND ts >= s.after_ts AND ts <= s.until_ts AND ts >= $2 AND ts < $3 AND user_id = ANY($4)
          OFFSET 0
        ) AS r
        UNION ALL
        SELECT s.organization_id, e.ts, e.received_at, e.id, e.type, e.user_id, e.session_id, e.src, e.payload,
               e.type_revision
        FROM (
          SELECT last_ts, last_id FROM event_blocks
          WHERE organization_id = $1 AND last_ts >= $2 AND first_ts < $3
            AND last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'
            AND EXISTS (SELECT FROM unnest($4) AS u(id) WHERE may_have_user(filter, u.id))
          OFFSET 0
        ) AS b, event_segments s,
        decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                       s.payloads, s.type_revisions) AS e
        WHERE s.organization_id = $1 AND s.last_ts = b.last_ts AND s.last_id = b.last_id
          AND s.last_ts >= $2 AND s.last_ts < date_trunc('day', $3, 'UTC') + interval '1 day'
          AND s.user_ids && $4 AND e.ts >= $2 AND e.ts < $3 AND e.user_id = ANY($4)
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION events_of_users(uuid, timestamptz, timestamptz, text[])');
    await new EventsOfUsers1796000000000().up(runner);
    await runner.query(`
      DROP FUNCTION row_stretches(uuid, timestamptz, timestamptz, text, text, text[], text);
      DROP TABLE row_blocks;
    `);
  }
}
