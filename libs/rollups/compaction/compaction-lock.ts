import type { ClientBase } from 'pg';

/**
 * Takes the organization's compaction lock until the transaction ends.
 * @returns false when another transaction holds it
 */
export async function lockCompaction(client: ClientBase, organizationId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('compact'), hashtext($1)) AS locked`,
    [organizationId],
  );
  return rows[0]?.locked === true;
}

/** Waits for the organization's compaction lock, and holds it until the transaction ends. */
export async function waitForCompactionLock(client: ClientBase, organizationId: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('compact'), hashtext($1))`, [organizationId]);
}
