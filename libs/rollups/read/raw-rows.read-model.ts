import { dimensionValueSql } from '#catalog';
import { GAMMA_LOG, SMALLEST } from '../measurement/bins.js';
import { type AggregateQuestion, REST_KEY } from './question.js';

/** Events of one group in one bucket. */
export interface RawRow {
  /** Index of the bucket. */
  readonly index: number;
  /** Values of the group as JSON, or the key of the rest. */
  readonly group: string;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Sign, bin (see bins.ts) and count; null when events are counted. */
  readonly bins: (readonly [sign: number, bin: number, count: number])[] | null;
}

/** The statement that counts some users' events. All names and values are parameters. */
export function rawRows(
  organizationId: string,
  question: AggregateQuestion,
): { text: string; values: unknown[] } {
  const { bounds, where, groupBy, chosen } = question;
  const values: unknown[] = [
    organizationId,
    question.types,
    bounds.map((bound) => bound / 1000),
    question.userIds,
    question.measure ?? null,
  ];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = Object.entries(where).map(([name, value]) => {
    const dimension = dimensionSql(`${parameter(name)}::text`);
    return value === null ? `AND ${dimension} IS NULL` : `AND ${dimension} = ${parameter(value)}::text`;
  });
  const group = `jsonb_build_array(${groupBy.map((name) => dimensionSql(`${parameter(name)}::text`)).join(', ')})`;
  const isChosen = chosen && `${group} = ANY(${parameter(chosen.keys)}::jsonb[])`;
  const key = chosen?.rest
    ? `CASE WHEN ${isChosen} THEN ${group}::text ELSE '${REST_KEY}' END`
    : `${group}::text`;
  const text = `
    WITH read AS (
      SELECT width_bucket(extract(epoch FROM ts), $3::numeric[]) - 1 AS index, ${key} AS "group",
             CASE WHEN json_typeof(payload->$5::text) = 'number' THEN (payload->>$5::text)::float8 END AS value
      FROM events_of_users($1, to_timestamp(($3::numeric[])[1]::float8),
                           to_timestamp(($3::numeric[])[array_length($3::numeric[], 1)]::float8), $4::text[])
      WHERE type = ANY($2::text[]) ${conditions.join(' ')} ${isChosen && !chosen.rest ? `AND ${isChosen}` : ''}
    ), binned AS (
      SELECT index, "group", CASE WHEN abs(value) < ${SMALLEST} THEN 0 ELSE sign(value) END AS sign,
             CASE WHEN abs(value) < ${SMALLEST} THEN 0 ELSE ceil(ln(abs(value)) / ${GAMMA_LOG}) END AS bin,
             count(*) AS count, sum(value) AS sum, min(value) AS min, max(value) AS max
      FROM read WHERE $5::text IS NULL OR value IS NOT NULL
      GROUP BY 1, 2, 3, 4
    )
    SELECT index, "group", sum(count)::float8 AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max,
           CASE WHEN $5::text IS NOT NULL THEN json_agg(json_build_array(sign, bin, count)) END AS bins
    FROM binned GROUP BY index, "group" ORDER BY index`;
  return { text, values };
}

/** SQL for the dimension of a name: the text that rollups have for it, or NULL. */
const dimensionSql = (name: string) => `
  CASE WHEN json_typeof(payload->${name}) IN ('string', 'number', 'boolean')
       THEN ${dimensionValueSql(`(payload->>${name})`)} END`;
