/** A counted session. Instants are null where nothing says them. */
export interface CountedSession {
  readonly session_id: string;
  readonly first_seen: Date;
  readonly last_seen: Date;
  readonly ended_at: Date | null;
  readonly user_id: string | null;
  readonly device: string | null;
  readonly talked_seconds: number;
  readonly events: number;
}

const COLUMNS = 'session_id, first_seen, last_seen, ended_at, user_id, device, talked_seconds, events';

/**
 * SQL of the common table expression `found`: the sessions of organization $1 that meet a condition, with all that is
 * counted of them, compacted or not. Sessions with pending deltas are merged before the condition is asked: a delta may
 * change the start and the user.
 * @param conditionOn SQL for a condition on the table of that name
 * @param page `ORDER BY … LIMIT …` that bounds what is read of the compacted sessions; absent: all
 * @param onDeltas SQL for a condition that deltas with such sessions meet; absent: all deltas are parsed
 */
export const countedSessions = (conditionOn: (table: string) => string, page = '', onDeltas = 'true') => `
  pending AS MATERIALIZED (
    SELECT p.session_id COLLATE "C" AS session_id, to_timestamp(min(p.first_seen) / 1000) AS first_seen,
           to_timestamp(max(p.last_seen) / 1000) AS last_seen, to_timestamp(max(p.ended_at) / 1000) AS ended_at,
           max(p.user_id COLLATE "C") AS user_id, max(p.device COLLATE "C") AS device,
           sum(p.talked_seconds) AS talked_seconds, sum(p.events) AS events
    FROM activity_deltas, json_to_recordset(sessions) AS p(session_id text, first_seen float8, last_seen float8,
      ended_at float8, user_id text, device text, talked_seconds float8, events float8)
    WHERE organization_id = $1 AND ${onDeltas} GROUP BY p.session_id
  ), merged AS (
    SELECT p.session_id, least(p.first_seen, s.first_seen) AS first_seen, greatest(p.last_seen, s.last_seen) AS last_seen,
           greatest(p.ended_at, s.ended_at) AS ended_at, greatest(p.user_id, s.user_id) AS user_id,
           greatest(p.device, s.device) AS device, p.talked_seconds + coalesce(s.talked_seconds, 0) AS talked_seconds,
           p.events + coalesce(s.events, 0) AS events
    FROM pending p LEFT JOIN sessions s ON s.organization_id = $1 AND s.session_id = p.session_id
  ), found AS (
    SELECT ${COLUMNS} FROM merged m WHERE ${conditionOn('m')}
    UNION ALL
    (SELECT ${COLUMNS} FROM sessions s
     WHERE s.organization_id = $1 AND ${conditionOn('s')}
       AND NOT EXISTS (SELECT FROM pending p WHERE p.session_id = s.session_id)
     ${page})
  )`;
