import type { MigrationInterface, QueryRunner } from 'typeorm';
import { READERS } from '#database';

/** Columns of `json_to_recordset(activity_deltas.sessions)`; instants in milliseconds since the epoch. */
const SESSION_JSON = `
  AS s(session_id text, first_seen float8, last_seen float8, ended_at float8, user_id text, device text,
       talked_seconds float8, events bigint)`;

const PENDING_SESSIONS = `
  SELECT d.organization_id, s.session_id COLLATE "C" AS session_id, to_timestamp(s.first_seen / 1000) AS first_seen,
         to_timestamp(s.last_seen / 1000) AS last_seen, to_timestamp(s.ended_at / 1000) AS ended_at,
         s.user_id COLLATE "C" AS user_id, s.device COLLATE "C" AS device, s.talked_seconds, s.events
  FROM activity_deltas d, json_to_recordset(d.sessions) ${SESSION_JSON}`;

/**
 * CTEs that end with `merged`: sessions of the current organization with what is not compacted yet. Read from the table are
 * those that match, and those that a delta may change.
 */
const merged = (matches: string) => `
  pending AS MATERIALIZED (
    ${PENDING_SESSIONS} WHERE d.organization_id = current_organization()
  ), known AS (
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND ${matches}
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM sessions
    WHERE organization_id = current_organization() AND (${matches}) IS NOT TRUE
      AND session_id IN (SELECT session_id FROM pending)
    UNION ALL
    SELECT session_id, first_seen, last_seen, user_id, talked_seconds FROM pending
  ), merged AS (
    SELECT session_id, min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(user_id) AS user_id,
           sum(talked_seconds) AS talked_seconds
    FROM known GROUP BY session_id
  )`;

/** Columns of `get_session_details`. */
const SESSION_COLUMNS = `
  session_id text, user_id text, name text, email text, started_at timestamptz, ended_at timestamptz,
  last_seen_at timestamptz, duration_seconds double precision, device text, events bigint,
  talked_seconds double precision, talked_time double precision`;

/** Sessions that began in the week from the date $1 on, in UTC. */
const IN_WEEK = `first_seen >= $1::timestamp AT TIME ZONE 'UTC' AND first_seen < ($1 + 7)::timestamp AT TIME ZONE 'UTC'`;

/** Rollups, sessions and user days in SQL, with what is not compacted yet, and the three functions of the voice dialect. */
export class SqlFigures1796300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- live_: with what is not compacted yet.
      CREATE VIEW live_rollups WITH (security_invoker = true) AS
        SELECT organization_id, type, measure, window_seconds, bucket, dimensions, sum(count)::bigint AS count,
               sum(sum) AS sum, min(min) AS min, max(max) AS max
        FROM (
          SELECT organization_id, type, measure, window_seconds, bucket, dimensions, count, sum, min, max FROM rollups
          UNION ALL
          SELECT d.organization_id, d.type, m.measure COLLATE "C", w.seconds,
                 to_timestamp(s.t / w.seconds * w.seconds), s.d, m.count, m.sum, m.min, m.max
          FROM rollup_deltas d, json_to_recordset(d.series) AS s(d jsonb, t bigint, c bigint, m json),
               unnest(ARRAY[60, 300, 900, 3600, 86400]) AS w(seconds),
               LATERAL (
                 SELECT '' AS measure, s.c AS count, NULL::float8 AS sum, NULL::float8 AS min, NULL::float8 AS max
                 UNION ALL
                 SELECT key, (value->>0)::bigint, (value->>1)::float8, (value->>2)::float8, (value->>3)::float8
                 FROM json_each(s.m)
               ) AS m
        ) AS known
        GROUP BY organization_id, type, measure, window_seconds, bucket, dimensions;

      CREATE VIEW live_sessions WITH (security_invoker = true) AS
        SELECT organization_id, session_id, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
               max(ended_at) AS ended_at, max(user_id) AS user_id, max(device) AS device,
               sum(talked_seconds) AS talked_seconds, sum(events)::bigint AS events
        FROM (
          SELECT organization_id, session_id, first_seen, last_seen, ended_at, user_id, device, talked_seconds, events
          FROM sessions
          UNION ALL
          ${PENDING_SESSIONS}
        ) AS known
        GROUP BY organization_id, session_id;

      CREATE VIEW live_user_days WITH (security_invoker = true) AS
        SELECT organization_id, day, user_id FROM user_days
        UNION
        SELECT d.organization_id, s.day, s.user_id COLLATE "C"
        FROM activity_deltas d, json_to_recordset(d.user_days) AS s(day date, user_id text);

      GRANT SELECT ON live_rollups, live_sessions, live_user_days TO ${READERS};

      -- Talked seconds and sessions of a user.
      CREATE FUNCTION aggregate_user_metrics(user_id text)
      RETURNS TABLE (user_id text, total_talked_time double precision, session_count bigint) LANGUAGE sql STABLE AS $$
        WITH ${merged('user_id = $1')}
        SELECT $1, coalesce(sum(talked_seconds), 0), count(*) FROM merged WHERE user_id = $1
      $$;
      -- Many clients number their users and sessions.
      CREATE FUNCTION aggregate_user_metrics(user_id bigint)
      RETURNS TABLE (user_id text, total_talked_time double precision, session_count bigint) LANGUAGE sql STABLE AS $$
        SELECT * FROM aggregate_user_metrics($1::text)
      $$;

      -- A session and whose it is; no row when it is unknown.
      CREATE FUNCTION get_session_details(session_id text) RETURNS TABLE (
        ${SESSION_COLUMNS}
      ) LANGUAGE sql STABLE AS $$
        SELECT s.session_id, s.user_id, u.name, u.email, s.first_seen, s.ended_at, s.last_seen,
               extract(epoch FROM coalesce(s.ended_at, s.last_seen) - s.first_seen)::float8, s.device, s.events,
               s.talked_seconds, s.talked_seconds
        FROM live_sessions s
        LEFT JOIN users u ON u.organization_id = s.organization_id AND u.external_id = s.user_id
        WHERE s.organization_id = current_organization() AND s.session_id = $1
      $$;
      CREATE FUNCTION get_session_details(session_id bigint) RETURNS TABLE (
        ${SESSION_COLUMNS}
      ) LANGUAGE sql STABLE AS $$
        SELECT * FROM get_session_details($1::text)
      $$;

      -- Each user's sessions that began in the seven days from week_start on (UTC); by default these end with today.
      CREATE FUNCTION generate_weekly_report(week_start date DEFAULT (now() AT TIME ZONE 'UTC')::date - 6) RETURNS TABLE (
        user_id text, name text, session_count bigint, total_talked_time double precision, last_session timestamptz
      ) LANGUAGE sql STABLE AS $$
        WITH ${merged(IN_WEEK)}
        SELECT m.user_id, u.name, count(*), sum(m.talked_seconds), max(m.last_seen)
        FROM merged m LEFT JOIN users u ON u.organization_id = current_organization() AND u.external_id = m.user_id
        WHERE m.user_id IS NOT NULL AND ${IN_WEEK}
        GROUP BY m.user_id, u.name
        ORDER BY m.user_id
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION generate_weekly_report, get_session_details(bigint), get_session_details(text),
                    aggregate_user_metrics(bigint), aggregate_user_metrics(text);
      DROP VIEW live_user_days, live_sessions, live_rollups;
    `);
  }
}
