import type pg from 'pg';

/** A row of `daily_metrics`, or what it should be. */
export interface DailyRow {
  readonly day: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string | null>>;
  readonly value: number;
}

/** Totals and, where a metric has a dimension, each of its values. */
const perDay = (
  name: string,
  from: string,
  value: string,
  dimension?: string,
  key?: string,
  only = 'true',
) => `
  SELECT d.day, '${name}' AS name, '{}'::jsonb AS dimensions, coalesce(${value}, 0)::float8 AS value
  FROM days d LEFT JOIN ${from} AS x ON x.day = d.day AND ${only} GROUP BY d.day
  ${
    dimension === undefined
      ? ''
      : `UNION ALL
         SELECT x.day, '${name}', jsonb_build_object('${dimension}', ${key}), (${value})::float8
         FROM ${from} AS x JOIN days d ON d.day = x.day WHERE ${only} GROUP BY x.day, ${key}
         HAVING ${value} IS NOT NULL`
  }`;

const FAILED = `x.type IN ('command_execution', 'agent_interaction') AND x.payload->>'status' IN ('error', 'timeout')`;
const users = (days: number) => `
  SELECT d.day, '${{ 1: 'dau', 7: 'wau', 30: 'mau' }[days]}', '{}'::jsonb, count(DISTINCT e.user_id)::float8
  FROM days d LEFT JOIN e ON e.day > d.day - ${days} AND e.day <= d.day GROUP BY d.day`;

/** Every metric from the raw events, with the time zone's days computed by PostgreSQL. */
const ORACLE = `
  WITH e AS (
    SELECT *, (ts AT TIME ZONE $2)::date AS day FROM events WHERE organization_id = $1
  ), days AS (
    SELECT day::date AS day FROM generate_series((SELECT min(day) FROM e)::timestamp, $3::timestamp, '1 day') AS day
  ), firsts AS (
    SELECT user_id, min(day) AS day FROM e WHERE user_id IS NOT NULL GROUP BY user_id
  ), s AS (
    SELECT session_id, (min(ts) AT TIME ZONE $2)::date AS day,
           extract(epoch FROM coalesce(max(ts) FILTER (WHERE type = 'session_end'), max(ts)) - min(ts)) AS seconds,
           max((payload->>'device_type') COLLATE "C") FILTER (WHERE type = 'voice_metric' OR type LIKE 'session\\_%') AS device
    FROM e WHERE session_id IS NOT NULL GROUP BY session_id
  )
  ${[
    ...[users(1), users(7), users(30)],
    perDay('new_users', 'firsts', 'count(x.user_id)'),
    perDay('events', 'e', 'count(x.id)', 'type', 'x.type'),
    perDay('errors', 'e', 'count(x.id)', 'type', 'x.type', `(x.type = 'error_occurred' OR ${FAILED})`),
    perDay('sessions', 's', 'count(x.session_id)', 'device', 'x.device'),
    perDay(
      ...(['talked_seconds', 'e', `sum((x.payload->>'talked_time')::float8)`, 'device_type'] as const),
      ...([`x.payload->>'device_type'`, `x.type = 'voice_metric'`] as const),
    ),
    ...['input_tokens', 'output_tokens'].map((name) =>
      perDay(
        ...([name, 'e', `sum((x.payload->>'${name}')::float8)`, 'agent_name'] as const),
        ...([`x.payload->>'agent_name'`, `x.type = 'agent_interaction'`] as const),
      ),
    ),
    `SELECT day, 'error_rate', '{}'::jsonb, (count(*) FILTER (WHERE ${FAILED}))::float8 / count(*)
     FROM e AS x WHERE type IN ('command_execution', 'agent_interaction') AND day <= $3::date GROUP BY day`,
    `SELECT day, 'session_seconds_avg', '{}'::jsonb, avg(seconds)::float8 FROM s WHERE day <= $3::date GROUP BY day`,
  ].join(' UNION ALL ')}`;

/**
 * What the daily metrics of an organization should be.
 * @param owner sees all events
 * @param lastDay that has ended
 */
export async function expectedMetrics(
  owner: pg.ClientBase,
  organizationId: string,
  timeZone: string,
  lastDay: string,
): Promise<Map<string, number>> {
  const { rows } = await owner.query<DailyRow>(
    `SELECT day::text AS day, name, dimensions, value FROM (${ORACLE}) AS expected(day, name, dimensions, value)`,
    [organizationId, timeZone, lastDay],
  );
  return byKey(rows);
}

/** The stored metrics of an organization. */
export async function storedMetrics(
  owner: pg.ClientBase,
  organizationId: string,
): Promise<Map<string, number>> {
  const { rows } = await owner.query<DailyRow>(
    'SELECT day::text AS day, name, dimensions, value FROM daily_metrics WHERE organization_id = $1',
    [organizationId],
  );
  return byKey(rows);
}

/** Rounded, because sums of seconds are added up in different orders. Sorted. */
const byKey = (rows: readonly DailyRow[]) =>
  new Map(
    rows
      .map(({ day, name, dimensions, value }): [string, number] => [
        `${day} ${name} ${JSON.stringify(dimensions)}`,
        Number(value.toFixed(6)),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
