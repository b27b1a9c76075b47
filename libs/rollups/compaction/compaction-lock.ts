import type { ClientBase } from 'pg';

/**
 * Keeps everyone else from compacting an organization until the transaction ends.
 * @returns false when another is at it
 */
export async function lockCompaction(client: ClientBase, organizationId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('compact'), hashtext($1)) AS locked`,
    [organizationId],
  );
  return rows[0]?.locked === true;
}
