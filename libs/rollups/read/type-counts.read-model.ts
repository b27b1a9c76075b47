import type { ClientBase } from 'pg';
import { WINDOW_SECONDS } from '../delta/windows.js';
import { TYPES_IN_ROLLUPS } from './known-types.read-model.js';

/** Events of one type. */
export interface TypeCount {
  readonly type: string;
  readonly count: number;
  /** Those on the day that was asked about. */
  readonly on_day: number;
}

/** Only the rollups of whole days are read. The number of events is the measure ''. */
const TYPE_COUNTS = `
  WITH RECURSIVE ${TYPES_IN_ROLLUPS}
  SELECT type, sum(count)::float8 AS count,
         coalesce(sum(count) FILTER (WHERE at >= to_timestamp($3) AND at < to_timestamp($3 + $2)), 0)::float8 AS on_day
  FROM (
    SELECT type, bucket AS at, count FROM rollups
    WHERE organization_id = $1 AND type = ANY(ARRAY(SELECT type FROM types))
      AND measure = '' AND window_seconds = $2
    UNION ALL
    SELECT d.type, to_timestamp(s.t), s.c
    FROM rollup_deltas d, json_to_recordset(d.series) AS s(t float8, c bigint)
    WHERE d.organization_id = $1
  ) AS counted
  GROUP BY type ORDER BY count DESC, type`;

/**
 * All events of an organization that were ever counted, by type, the most frequent first.
 * @param client in a snapshot of the organization, so that each delta counts once, compacted or not
 * @param day start of a day in UTC, seconds since the epoch
 */
export async function typeCounts(
  client: ClientBase,
  organizationId: string,
  day: number,
): Promise<TypeCount[]> {
  const { rows } = await client.query<TypeCount>(TYPE_COUNTS, [organizationId, WINDOW_SECONDS['1d'], day]);
  return rows;
}
