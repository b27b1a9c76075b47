import type { ClientBase } from 'pg';
import { dimensionValueSql } from '#catalog';
import { WINDOW_SECONDS } from '../delta/windows.js';
import {
  type AggregatePoint,
  type AggregateQuestion,
  type AggregateSeries,
  type Group,
  groupOf,
} from './aggregate.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99];

interface Row {
  bucket: number;
  dimensions: Record<string, string>;
  count: string;
  sum: number | null;
  min: number | null;
  max: number | null;
  quantiles: number[] | null;
}

/** Answers queries about one user, which rollups cannot, from the events of one organization. */
export class RawReadModel {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async aggregate(question: AggregateQuestion): Promise<AggregateSeries[]> {
    const { text, values } = rawQuery(this.organizationId, question);
    const { rows } = await this.client.query<Row>(text, values);
    const groups = new Map<string, { group: Group; points: AggregatePoint[] }>();
    for (const row of rows) {
      const group = groupOf(row.dimensions, question.groupBy);
      const key = JSON.stringify(Object.values(group));
      const entry = groups.get(key) ?? { group, points: [] };
      groups.set(key, entry);
      entry.points.push(pointOf(row));
    }
    return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, series]) => series);
  }
}

/** All names and values are parameters, including those of dimensions and measures. */
function rawQuery(organizationId: string, question: AggregateQuestion): { text: string; values: unknown[] } {
  const values: unknown[] = [
    organizationId,
    question.type,
    question.from,
    question.to,
    WINDOW_SECONDS[question.window],
    question.userId,
    question.measure ?? null,
    QUANTILES,
  ];
  const parameter = (value: unknown) => `$${values.push(value)}::text`;
  const dimension = (name: string) => `payload->>${parameter(name)}`;
  const conditions = Object.entries(question.where).map(
    ([name, value]) => `AND ${dimensionValueSql(`(${dimension(name)})`)} = ${parameter(value)}`,
  );
  const pairs = question.groupBy.map(
    (name) => `${parameter(name)}, ${dimensionValueSql(`(${dimension(name)})`)}`,
  );
  const text = `
    SELECT bucket, dimensions, count(*) FILTER (WHERE $7::text IS NULL OR value IS NOT NULL) AS count,
           sum(value) AS sum, min(value) AS min, max(value) AS max,
           percentile_disc($8::float8[]) WITHIN GROUP (ORDER BY value) AS quantiles
    FROM (
      SELECT floor(extract(epoch FROM ts) / $5) * $5::float8 * 1000 AS bucket,
             jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) AS dimensions,
             CASE WHEN json_typeof(payload->$7::text) = 'number' THEN (payload->>$7::text)::float8 END AS value
      FROM events_between($1, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))
      WHERE type = $2 AND user_id = $6 ${conditions.join(' ')}
    ) AS counted
    WHERE $7::text IS NULL OR value IS NOT NULL
    GROUP BY bucket, dimensions ORDER BY bucket`;
  return { text, values };
}

function pointOf(row: Row): AggregatePoint {
  return {
    bucket: Number(row.bucket),
    count: Number(row.count),
    sum: row.sum,
    min: row.min,
    max: row.max,
    quantile: (q) => row.quantiles?.[QUANTILES.indexOf(q)] ?? null,
  };
}
