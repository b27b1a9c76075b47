import type pg from 'pg';
import type { StoredReport } from '#reports';

/** Rows of the oracle, each as JSON. */
interface Expected {
  readonly totals: Readonly<Record<string, number | null>>;
  readonly days: readonly object[];
  readonly types: readonly object[];
  readonly commands: readonly object[];
  readonly agents: readonly object[];
  readonly devices: readonly object[];
  readonly sentiments: readonly object[];
  readonly users: readonly object[];
}

const FAILED = `payload->>'status' IN ('error', 'timeout')`;
const ATTEMPT = `type IN ('command_execution', 'agent_interaction')`;
const TIMES = `(payload->>'execution_time_ms')::float8`;
const list = (row: string, from: string, order: string) =>
  `(SELECT coalesce(json_agg(json_build_object(${row}) ORDER BY ${order}), '[]') FROM ${from})`;
const top = (type: string, name: string) =>
  list(
    `'name', name, 'count', count, 'errors', errors`,
    `(SELECT payload->>'${name}' AS name, count(*) AS count, count(*) FILTER (WHERE ${FAILED}) AS errors
      FROM p WHERE type = '${type}' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10) AS t`,
    'count DESC, name',
  );

/** Everything from the raw events; PostgreSQL knows which local day each belongs to. */
const ORACLE = `
  WITH e AS (
    SELECT *, (ts AT TIME ZONE $4)::date AS day FROM events WHERE organization_id = $1
  ), p AS (SELECT * FROM e WHERE ts >= $2 AND ts < $3), firsts AS (
    SELECT user_id, min(ts) AS ts, min(day) AS day FROM e WHERE user_id IS NOT NULL GROUP BY user_id
  ), s AS (
    SELECT session_id, min(ts) AS started, max(ts) AS last, max(user_id COLLATE "C") AS user_id,
           extract(epoch FROM coalesce(max(ts) FILTER (WHERE type = 'session_end'), max(ts)) - min(ts)) AS seconds,
           coalesce(sum((payload->>'talked_time')::float8) FILTER (WHERE type = 'voice_metric'), 0) AS talked,
           max((payload->>'device_type') COLLATE "C") FILTER (WHERE type = 'voice_metric' OR type LIKE 'session\\_%') AS device
    FROM e WHERE session_id IS NOT NULL GROUP BY session_id
  ), ps AS (SELECT * FROM s WHERE started >= $2 AND started < $3), u AS (
    SELECT user_id, count(*) AS sessions, sum(talked) AS talked, max(last) AS last FROM ps WHERE user_id IS NOT NULL GROUP BY user_id
  )
  SELECT
    (SELECT json_build_object('events', count(*), 'active_users', count(DISTINCT user_id),
       'new_users', (SELECT count(*) FROM firsts WHERE ts >= $2 AND ts < $3),
       'commands', count(*) FILTER (WHERE type = 'command_execution'),
       'agents', count(*) FILTER (WHERE type = 'agent_interaction'),
       'errors', count(*) FILTER (WHERE ${ATTEMPT} AND ${FAILED}),
       'reported_errors', count(*) FILTER (WHERE type = 'error_occurred'),
       'avg_execution_time_ms', avg(${TIMES}) FILTER (WHERE ${ATTEMPT}),
       'p50_execution_time_ms', percentile_disc(0.5) WITHIN GROUP (ORDER BY ${TIMES}) FILTER (WHERE ${ATTEMPT}),
       'p95_execution_time_ms', percentile_disc(0.95) WITHIN GROUP (ORDER BY ${TIMES}) FILTER (WHERE ${ATTEMPT}),
       'p99_execution_time_ms', percentile_disc(0.99) WITHIN GROUP (ORDER BY ${TIMES}) FILTER (WHERE ${ATTEMPT}),
       'input_tokens', coalesce(sum((payload->>'input_tokens')::float8) FILTER (WHERE type = 'agent_interaction'), 0),
       'output_tokens', coalesce(sum((payload->>'output_tokens')::float8) FILTER (WHERE type = 'agent_interaction'), 0),
       'sessions', (SELECT count(*) FROM ps), 'avg_session_seconds', (SELECT avg(seconds) FROM ps),
       'talked_seconds', coalesce(sum((payload->>'talked_time')::float8) FILTER (WHERE type = 'voice_metric'), 0))
     FROM p) AS totals,
    ${list(
      `'day', day, 'events', events, 'active_users', users, 'new_users', fresh, 'errors', errors`,
      `(SELECT d.day, count(p.id) AS events, count(DISTINCT user_id) AS users,
               (SELECT count(*) FROM firsts f WHERE f.day = d.day) AS fresh,
               count(p.id) FILTER (WHERE ${ATTEMPT} AND ${FAILED}) AS errors
        FROM (SELECT day::date AS day FROM generate_series(($2::timestamptz AT TIME ZONE $4)::date::timestamp,
          ($3::timestamptz AT TIME ZONE $4)::date::timestamp - interval '1 day', '1 day') AS day) AS d
        LEFT JOIN p ON p.day = d.day GROUP BY d.day) AS days`,
      'day',
    )} AS days,
    ${list(`'type', type, 'count', count`, '(SELECT type, count(*) AS count FROM p GROUP BY 1) AS t', 'count DESC, type')} AS types,
    ${top('command_execution', 'command_name')} AS commands, ${top('agent_interaction', 'agent_name')} AS agents,
    ${list(`'value', device, 'count', count`, '(SELECT device, count(*) AS count FROM ps GROUP BY 1) AS d', 'count DESC, device COLLATE "C" NULLS FIRST')} AS devices,
    ${list(
      `'value', value, 'count', count`,
      `(SELECT payload->>'voice_sentiment' AS value, count(*) AS count FROM p WHERE type = 'voice_metric' GROUP BY 1) AS v`,
      `count DESC, coalesce(value, '') COLLATE "C"`,
    )} AS sentiments,
    ${list(
      `'user_id', user_id, 'name', NULL, 'sessions', sessions, 'talked_seconds', talked,
       'last_session_at', to_char(last AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
      'u',
      'sessions DESC, talked DESC, user_id COLLATE "C"',
    )} AS users`;

/**
 * What a report of a range should say.
 * @param owner sees all events
 */
export async function expectedReport(
  owner: pg.ClientBase,
  organizationId: string,
  { start, end, time_zone }: StoredReport['period'],
): Promise<Expected> {
  const { rows } = await owner.query<Expected>(ORACLE, [organizationId, start, end, time_zone]);
  return rows[0]!;
}
