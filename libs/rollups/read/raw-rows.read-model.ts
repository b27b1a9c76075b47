import { dimensionValueSql } from '#catalog';
import { GAMMA_LOG, SMALLEST } from '../measurement/bins.js';
import { type AggregateQuestion, REST_KEY } from './question.js';

/** Events of one group in one bucket. */
export interface RawRow {
  /** Index of the question. */
  readonly part: number;
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

/**
 * The statement that counts some users' events, once for all questions: most of the time goes into finding the events. All
 * names and values are parameters.
 * @param questions about the same users
 */
export function rawRows(
  organizationId: string,
  questions: readonly AggregateQuestion[],
): { text: string; values: unknown[] } {
  const values: unknown[] = [
    organizationId,
    Math.min(...questions.map(({ bounds }) => bounds[0]!)) / 1000,
    Math.max(...questions.map(({ bounds }) => bounds.at(-1)!)) / 1000,
    questions[0]!.userIds,
    [...new Set(questions.flatMap(({ types }) => types))],
  ];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const text = `
    WITH read AS (
      SELECT ts, type, payload FROM events_of_users($1, to_timestamp($2::float8), to_timestamp($3::float8), $4::text[])
      WHERE type = ANY($5::text[])
    )
    ${questions.map((question, part) => `SELECT ${part} AS part, p.* FROM (${answerOf(question, parameter)}) AS p`).join(' UNION ALL ')}
    ORDER BY part, index`;
  return { text, values };
}

/** SQL for the rows of one question. */
function answerOf(question: AggregateQuestion, parameter: (value: unknown) => string): string {
  const { bounds, where, groupBy, chosen } = question;
  const bound = `${parameter(bounds.map((epochMs) => epochMs / 1000))}::numeric[]`;
  const measure = `${parameter(question.measure ?? null)}::text`;
  const conditions = Object.entries(where).map(([name, value]) => {
    const dimension = dimensionSql(`${parameter(name)}::text`);
    return value === null ? `AND ${dimension} IS NULL` : `AND ${dimension} = ${parameter(value)}::text`;
  });
  const group = `jsonb_build_array(${groupBy.map((name) => dimensionSql(`${parameter(name)}::text`)).join(', ')})`;
  const isChosen = chosen && `${group} = ANY(${parameter(chosen.keys)}::jsonb[])`;
  const key = chosen?.rest
    ? `CASE WHEN ${isChosen} THEN ${group}::text ELSE '${REST_KEY}' END`
    : `${group}::text`;
  return `
    SELECT index, "group", sum(count)::float8 AS count, sum(sum) AS sum, min(min) AS min, max(max) AS max,
           CASE WHEN ${measure} IS NOT NULL THEN json_agg(json_build_array(sign, bin, count)) END AS bins
    FROM (
      SELECT index, "group", CASE WHEN abs(value) < ${SMALLEST} THEN 0 ELSE sign(value) END AS sign,
             CASE WHEN abs(value) < ${SMALLEST} THEN 0 ELSE ceil(ln(abs(value)) / ${GAMMA_LOG}) END AS bin,
             count(*) AS count, sum(value) AS sum, min(value) AS min, max(value) AS max
      FROM (
        SELECT width_bucket(extract(epoch FROM ts), ${bound}) - 1 AS index, ${key} AS "group",
               CASE WHEN json_typeof(payload->${measure}) = 'number' THEN (payload->>${measure})::float8 END AS value
        FROM read
        WHERE type = ANY(${parameter(question.types)}::text[])
          ${conditions.join(' ')} ${isChosen && !chosen.rest ? `AND ${isChosen}` : ''}
      ) AS valued
      WHERE index >= 0 AND index < ${bounds.length - 1} AND (${measure} IS NULL OR value IS NOT NULL)
      GROUP BY 1, 2, 3, 4
    ) AS binned
    GROUP BY index, "group"`;
}

/** SQL for the dimension of a name: the text that rollups have for it, or NULL. */
const dimensionSql = (name: string) => `
  CASE WHEN json_typeof(payload->${name}) IN ('string', 'number', 'boolean')
       THEN ${dimensionValueSql(`(payload->>${name})`)} END`;
