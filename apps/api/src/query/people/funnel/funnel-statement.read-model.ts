import { dimensionValueSql } from '#catalog';
import type { FunnelQuestion } from './read-funnel.js';
import { stepEvents } from './step-events.read-model.js';

/** Users by the last step that they reached. */
export interface ReachedRow {
  /** Value of the group; null where the first step has no such dimension. */
  readonly group: string | null;
  /** Of all groups together. */
  readonly is_total: boolean;
  /** Number of steps reached; null: none. */
  readonly step: number | null;
  readonly users: number;
  /** Events read. */
  readonly events: number;
}

/** The order within an instant: that of the first steps which events fit. */
const RANK = '(steps & -steps) << 8 | steps AS rank';

const ALL_EVENTS = `SELECT user_id, ts, steps, ${RANK} FROM fitting`;

/** Each user's events once for each group that they started in; only the group's own events start there. */
const EVENTS_BY_GROUP = `
  SELECT user_id, "group", ts, steps, ${RANK} FROM (
    SELECT e.user_id, e.ts, g."group",
           CASE WHEN e."group" IS NOT DISTINCT FROM g."group" THEN e.steps ELSE e.steps & ~1 END AS steps
    FROM fitting e JOIN (SELECT DISTINCT user_id, "group" FROM fitting WHERE steps & 1 <> 0) AS g ON g.user_id = e.user_id
  ) AS e`;

const TOTALS = `
  , reached AS (SELECT max(step) AS step, count(*) AS events FROM walked GROUP BY user_id)
  SELECT NULL AS "group", true AS is_total, step, count(*)::float8 AS users, sum(events)::float8 AS events
  FROM reached GROUP BY step`;

/** Who reached a step in any group has reached it. */
const TOTALS_AND_GROUPS = `
  , reached AS MATERIALIZED (SELECT user_id, "group", max(step) AS step FROM walked GROUP BY user_id, "group"), people AS (
    SELECT NULL AS "group", true AS is_total, max(step) AS step FROM reached GROUP BY user_id
    UNION ALL
    SELECT "group", false, step FROM reached
    UNION ALL
    SELECT NULL, true, NULL
  )
  SELECT "group", is_total, step, count(*)::float8 AS users,
         CASE WHEN step IS NULL THEN (SELECT count(*)::float8 FROM fitting) ELSE 0 END AS events
  FROM people GROUP BY 1, 2, 3`;

/**
 * The statement of a funnel. `steps` of an event is a bit for each step that it fits. `start_k` is the latest start of
 * the first k steps before an event: a later start never misses a limit that an earlier one keeps. All windows have one
 * order, so events are sorted once.
 */
export function funnelStatement(organizationId: string, question: FunnelQuestion) {
  const { steps, range, within, groupBy } = question;
  const types = steps.map(({ type }) => type);
  const values: unknown[] = [organizationId, range.from, range.to, within / 1000, types];
  const parameter = (value: unknown) => `$${values.push(value)}::text`;
  const fits = steps.map(({ where }, i) => {
    const conditions = Object.entries(where).map(([name, value]) => {
      const dimension = dimensionSql(parameter(name));
      return value === null ? ` AND ${dimension} IS NULL` : ` AND ${dimension} = ${parameter(value)}`;
    });
    return `CASE WHEN type = ($5::text[])[${i + 1}]${conditions.join('')} THEN ${1 << i} ELSE 0 END`;
  });
  const group =
    groupBy === null
      ? ''
      : `, CASE WHEN type = ($5::text[])[1] THEN ${dimensionSql(parameter(groupBy))} END AS "group"`;
  const needsPayload = groupBy !== null || steps.some(({ where }) => Object.keys(where).length > 0);
  const text = `
    WITH fitting AS ${groupBy === null ? 'NOT MATERIALIZED' : 'MATERIALIZED'} (
      SELECT * FROM (
        SELECT user_id, ts, ${fits.join(' | ')} AS steps ${group}
        FROM (${stepEvents(needsPayload)}) AS event
      ) AS e WHERE steps <> 0
    ), walk_0 AS (${groupBy === null ? ALL_EVENTS : EVENTS_BY_GROUP}), ${walks(steps.length, groupBy !== null)},
    walked AS (SELECT *, ${lastStep(steps.length)} AS step FROM walk_${steps.length - 1})
    ${groupBy === null ? TOTALS : TOTALS_AND_GROUPS}`;
  return { text, values };
}

/** Common table expressions that add `start_1`, `start_2` and so on, one for each step but the last. */
function walks(steps: number, isGrouped: boolean): string {
  const before = `
    PARTITION BY user_id${isGrouped ? ', "group"' : ''} ORDER BY ts, rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING`;
  const walk = (k: number, start: string) => `
    walk_${k} AS (
      SELECT *, max(${start}) FILTER (WHERE steps & ${1 << (k - 1)} <> 0) OVER (${before}) AS start_${k} FROM walk_${k - 1}
    )`;
  return Array.from({ length: steps - 1 }, (_, i) => walk(i + 1, i === 0 ? 'ts' : `start_${i}`)).join(', ');
}

/** SQL for the last step that an event completes in time; NULL: none. */
function lastStep(steps: number): string {
  const cases = Array.from({ length: steps - 1 }, (_, i) => {
    const k = steps - i;
    return `WHEN steps & ${1 << (k - 1)} <> 0 AND ts - start_${k - 1} <= make_interval(secs => $4::float8) THEN ${k}`;
  });
  return `CASE ${cases.join(' ')} WHEN steps & 1 <> 0 THEN 1 END`;
}

/** SQL for the dimension of a name: the text that rollups have for it, or NULL. */
const dimensionSql = (name: string) => `
  CASE WHEN json_typeof(payload->${name}) IN ('string', 'number', 'boolean')
       THEN ${dimensionValueSql(`(payload->>${name})`)} END`;
