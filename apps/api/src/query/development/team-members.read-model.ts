import type { ClientBase } from 'pg';

/** Ids of the users in a team of an organization. */
export async function teamMembers(
  client: ClientBase,
  organizationId: string,
  team: string,
): Promise<string[]> {
  const { rows } = await client.query<{ external_id: string }>(
    'SELECT external_id FROM users WHERE organization_id = $1 AND team = $2',
    [organizationId, team],
  );
  return rows.map(({ external_id }) => external_id);
}
