import type { ClientBase } from 'pg';

/**
 * How many people were erased from an organization.
 * @param client in a transaction of the organization
 */
export async function finishedErasures(client: ClientBase, organizationId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM erasures WHERE organization_id = $1 AND finished_at IS NOT NULL',
    [organizationId],
  );
  return rows[0]!.count;
}
