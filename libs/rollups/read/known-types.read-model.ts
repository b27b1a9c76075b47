import type { ClientBase } from 'pg';
import { WINDOW_SECONDS } from '../delta/windows.js';

/** An event type of which something is counted. */
export interface KnownType {
  readonly type: string;
  /** The first day in UTC with events of it that rollups have, in milliseconds since the epoch; null: none. */
  readonly firstDay: number | null;
}

/** SQL of the CTE `types`. Types are found one by one in the key, so that each costs one look-up. */
export const TYPES_IN_ROLLUPS = `
  types AS (
    (SELECT type FROM rollups WHERE organization_id = $1 ORDER BY type LIMIT 1)
    UNION ALL
    SELECT (SELECT r.type FROM rollups r WHERE r.organization_id = $1 AND r.type > t.type ORDER BY r.type LIMIT 1)
    FROM types t WHERE t.type IS NOT NULL
  )`;

const KNOWN_TYPES = `
  WITH RECURSIVE ${TYPES_IN_ROLLUPS}, known AS (
    SELECT t.type, (
      SELECT r.bucket FROM rollups r
      WHERE r.organization_id = $1 AND r.type = t.type AND r.measure = '' AND r.window_seconds = $2
        AND r.bucket >= to_timestamp($3::float8 / 1000)
      ORDER BY r.bucket LIMIT 1) AS first_day
    FROM types t WHERE t.type IS NOT NULL
    UNION ALL
    SELECT DISTINCT type, NULL::timestamptz FROM rollup_deltas WHERE organization_id = $1
  )
  SELECT type, extract(epoch FROM min(first_day))::float8 * 1000 AS "firstDay" FROM known GROUP BY type ORDER BY type`;

/**
 * All event types of an organization of which something is counted, compacted or not, in order.
 * @param client in a transaction of the organization
 * @param since days before this instant are not looked at, in milliseconds since the epoch
 */
export async function knownTypes(
  client: ClientBase,
  organizationId: string,
  since: number,
): Promise<KnownType[]> {
  const { rows } = await client.query<KnownType>(KNOWN_TYPES, [organizationId, WINDOW_SECONDS['1d'], since]);
  return rows;
}
