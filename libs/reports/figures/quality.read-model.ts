import type { ClientBase } from 'pg';
import type { TimeRange } from '#people';
import type { Quality } from '../content/report.js';

const LEDGER = `
  SELECT coalesce(sum(received), 0)::float8 AS received, coalesce(sum(stored), 0)::float8 AS stored,
         coalesce(sum(duplicate), 0)::float8 AS duplicate, coalesce(sum(dead_lettered), 0)::float8 AS dead_lettered
  FROM ledger
  WHERE organization_id = $1
    AND received_at >= to_timestamp($2::float8 / 1000) AND received_at < to_timestamp($3::float8 / 1000)`;

const DEAD_LETTERS = `
  SELECT code, count(*)::float8 AS count FROM dead_letters
  WHERE organization_id = $1
    AND received_at >= to_timestamp($2::float8 / 1000) AND received_at < to_timestamp($3::float8 / 1000)
  GROUP BY code ORDER BY count DESC, code`;

/** Buckets are quarters of an hour, and so are the bounds of local days. */
const REJECTIONS = `
  SELECT code, sum(events)::float8 AS count FROM rejections
  WHERE organization_id = $1
    AND bucket >= to_timestamp($2::float8 / 1000) AND bucket < to_timestamp($3::float8 / 1000)
  GROUP BY code ORDER BY count DESC, code COLLATE "C"`;

/** Series are limited by days in UTC. */
const OTHER_SERIES = `
  SELECT DISTINCT type FROM series_counts
  WHERE organization_id = $1 AND exceeded_at IS NOT NULL
    AND day >= (to_timestamp($2::float8 / 1000) AT TIME ZONE 'UTC')::date
    AND day <= (to_timestamp(($3::float8 - 1) / 1000) AT TIME ZONE 'UTC')::date
  ORDER BY type`;

/**
 * What became of what was received in a range.
 * @param client in a snapshot of the organization
 */
export async function qualityOf(
  client: ClientBase,
  organizationId: string,
  { from, to }: TimeRange,
): Promise<Quality> {
  const values = [organizationId, from, to];
  const ledger = await client.query<Pick<Quality, 'received' | 'stored' | 'duplicate' | 'dead_lettered'>>(
    LEDGER,
    values,
  );
  const { rows: rejections } = await client.query<Quality['rejections'][number]>(REJECTIONS, values);
  const letters = await client.query<Quality['dead_letters'][number]>(DEAD_LETTERS, values);
  const types = await client.query<{ type: string }>(OTHER_SERIES, values);
  return {
    ...ledger.rows[0]!,
    rejected: rejections.reduce((sum, { count }) => sum + count, 0),
    rejections,
    dead_letters: letters.rows,
    types_with_other_series: types.rows.map(({ type }) => type),
  };
}
