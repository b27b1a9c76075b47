import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of some users, read from the blocks that may have some. */
export class EventsOfUsers1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The events of users in a half-open range. OFFSET 0: filters are asked before segments are opened.
      CREATE FUNCTION events_of_users(organization uuid, from_ts timestamptz, to_ts timestamptz, of_users text[])
      RETURNS TABLE (
        organization_id uuid, ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text,
        src text, payload json, type_revision integer
      ) LANGUAGE sql STABLE AS $$
        SELECT organization_id, ts, received_at, id, type, user_id, session_id, src, payload, type_revision
        FROM event_rows WHERE organization_id = $1 AND ts >= $2 AND ts < $3 AND user_id = ANY($4)
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
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION events_of_users(uuid, timestamptz, timestamptz, text[])');
  }
}
