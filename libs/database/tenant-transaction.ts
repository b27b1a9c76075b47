import type pg from 'pg';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Runs `work` in one transaction that row-level security confines to one organization. The setting ends with the
 * transaction, so the connection goes back to the pool without it. This is the second wall: statements on tenant
 * tables name the organization themselves (docs/decisions/029-two-walls.md).
 *
 * @throws TypeError when `organizationId` is not a UUID
 */
export async function inTenant<T>(
  pool: pg.Pool,
  organizationId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  // SET takes no parameters, and neither does a query of several statements: the id goes in as a literal.
  if (!UUID.test(organizationId)) throw new TypeError('The id of an organization must be a UUID');
  return inTransaction(pool, work, `BEGIN; SET LOCAL app.current_org_id = '${organizationId}'`);
}

/**
 * Runs `work` between BEGIN and COMMIT. An error rolls back and is rethrown.
 * @param begin sent in one round trip, in place of a plain BEGIN
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    // A connection that could not even roll back must not reach the next request.
    client.release(broken);
  }
}
