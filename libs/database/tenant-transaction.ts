import type pg from 'pg';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How a transaction begins and what ends it early. */
export interface TransactionOptions {
  /** Statements sent with BEGIN in one round trip, such as SET LOCAL; absent: none. */
  readonly settings?: readonly string[];
  /** Characteristics after BEGIN, such as `READ ONLY`. */
  readonly mode?: string;
  /** Aborted: the connection is closed, and with it the running statement ends. */
  readonly signal?: AbortSignal | undefined;
}

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
  options: TransactionOptions = {},
): Promise<T> {
  // SET takes no parameters, and neither does a query of several statements: the id goes in as a literal.
  if (!UUID.test(organizationId)) throw new TypeError('The id of an organization must be a UUID');
  const settings = [...(options.settings ?? []), `SET LOCAL app.current_org_id = '${organizationId}'`];
  return inTransaction(pool, work, { ...options, settings });
}

/** Runs `work` between BEGIN and COMMIT. An error rolls back and is rethrown. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  { mode = '', settings = [], signal }: TransactionOptions = {},
): Promise<T> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  let broken: Error | undefined;
  // With a query running, this closes the socket at once.
  const disconnect = () => void client.end();
  signal?.addEventListener('abort', disconnect, { once: true });
  try {
    await client.query([`BEGIN ${mode}`, ...settings].join('; '));
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    signal?.removeEventListener('abort', disconnect);
    // A connection that could not even roll back must not reach the next request.
    client.release(broken);
  }
}
