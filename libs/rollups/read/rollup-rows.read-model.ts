import { WINDOW_SECONDS } from '../delta/windows.js';
import { type AggregateQuestion, REST_KEY } from './question.js';
import { isQuantile } from './statistic.js';

/** Rollups of one group in one bucket, ordered by index; with percentiles wanted, one row per series. */
export interface RollupRow {
  /** Index of the bucket. */
  readonly index: number;
  /** Values of the group as JSON, or the key of the rest. */
  readonly group: string;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly sketch: Buffer | null;
}

/** The statement that reads a question's rollups. All names and values are parameters. */
export function rollupRows(
  organizationId: string,
  question: AggregateQuestion,
): { text: string; values: unknown[] } {
  const { bounds, where, groupBy, chosen } = question;
  const required = Object.entries(where).filter(([, value]) => value !== null);
  const missing = Object.entries(where).filter(([, value]) => value === null);
  const values: unknown[] = [
    organizationId,
    question.types,
    question.measure ?? '',
    WINDOW_SECONDS[question.stored],
    bounds.map((bound) => bound / 1000),
    JSON.stringify(Object.fromEntries(required)),
    missing.map(([name]) => name),
  ];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const group = `jsonb_build_array(${groupBy.map((name) => `dimensions -> ${parameter(name)}::text`).join(', ')})`;
  const isChosen = chosen && `${group} = ANY(${parameter(chosen.keys)}::jsonb[])`;
  const key = chosen?.rest
    ? `CASE WHEN ${isChosen} THEN ${group}::text ELSE '${REST_KEY}' END`
    : `${group}::text`;
  const rows = `
    SELECT width_bucket(extract(epoch FROM bucket)::bigint, $5::bigint[]) - 1 AS index, ${key} AS "group",
           count, sum, min, max, sketch
    FROM rollups
    WHERE organization_id = $1 AND type = ANY($2) AND measure = $3 AND window_seconds = $4
      AND bucket >= to_timestamp(($5::bigint[])[1])
      AND bucket < to_timestamp(($5::bigint[])[array_length($5::bigint[], 1)])
      AND dimensions @> $6::jsonb AND NOT dimensions ?| $7::text[]
      ${isChosen && !chosen.rest ? `AND ${isChosen}` : ''}`;
  const text = question.statistics.some(isQuantile)
    ? `SELECT index, "group", count::float8 AS count, sum, min, max, sketch FROM (${rows} ORDER BY bucket) AS r`
    : `SELECT index, "group", sum(count)::float8 AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max,
              NULL::bytea AS sketch
       FROM (${rows}) AS r GROUP BY index, "group" ORDER BY index`;
  return { text, values };
}
