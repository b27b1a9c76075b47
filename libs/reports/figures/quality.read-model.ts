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
  const ledger = await client.query<Omit<Quality, 'dead_letters' | 'types_with_other_series'>>(
    LEDGER,
    values,
  );
  const letters = await client.query<Quality['dead_letters'][number]>(DEAD_LETTERS, values);
  const types = await client.query<{ type: string }>(OTHER_SERIES, values);
  return {
    ...ledger.rows[0]!,
    dead_letters: letters.rows,
    types_with_other_series: types.rows.map(({ type }) => type),
  };
}
