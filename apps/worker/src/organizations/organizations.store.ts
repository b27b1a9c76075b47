import type { Pool } from 'pg';
import { CANARY_ORGANIZATION, type OrganizationSettings } from '#identity';

/** An organization that jobs compute something for. */
export interface ComputedOrganization {
  readonly id: string;
  readonly settings: OrganizationSettings;
  readonly created_at: Date;
}

/**
 * The next organizations, by id, without the canary's.
 * @param after the last one of the page before; null: the first page
 */
export async function organizationsAfter(
  pool: Pool,
  after: string | null,
  limit: number,
): Promise<ComputedOrganization[]> {
  const { rows } = await pool.query<ComputedOrganization>(
    `SELECT id, settings, created_at FROM organizations
     WHERE ($1::uuid IS NULL OR id > $1) AND id <> $3 ORDER BY id LIMIT $2`,
    [after, limit, CANARY_ORGANIZATION],
  );
  return rows;
}
