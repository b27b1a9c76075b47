import pg from 'pg';

/**
 * Runs `work` in one transaction that sees one organization only. The setting is local to the
 * transaction, so a connection goes back to the pool without it, whatever happens.
 */
export async function inTenant<T>(
  pool: pg.Pool,
  organizationId: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  // With BEGIN in one round trip, which takes no parameters, hence the literal.
  const confine = `SELECT set_config('app.current_org_id', ${pg.escapeLiteral(organizationId)}, true)`;
  return inTransaction(pool, work, `BEGIN; ${confine}`);
}

/** Runs `work` between BEGIN and COMMIT; any error rolls back and is thrown on. */
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
    // A connection that could not even roll back must not be handed to the next request.
    client.release(broken);
  }
}
