import pg from 'pg';
import { loadEnvironment } from '#config';
import { createPool, failureKind, inTransaction } from '#database';
import { queueConnection } from '#queue';
import { TestDatabase } from '../support/test-database.js';

describe('a connection closed by the server', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    pool = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
  });

  afterAll(async () => {
    await pool?.end();
    await owner?.end();
    await database?.drop();
  });

  const pidOf = async (client: pg.Pool | pg.PoolClient) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]!.pid;
  };

  /** Ends the connection and waits until the client has noticed. */
  const terminate = async (pid: number) => {
    await owner.query('SELECT pg_terminate_backend($1, 5000)', [pid]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('during a transaction fails the transaction, not the process', async () => {
    const failed = await inTransaction(pool, async (client) => {
      await terminate(await pidOf(client));
      await client.query('SELECT 1');
    }).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failureKind(failed)).toBe('transient');
    expect(await pidOf(pool)).toBeGreaterThan(0);
  });

  it('while BullMQ holds it fails the next statement, not the process', async () => {
    const environment = loadEnvironment({ DATABASE_URL: database.url });
    const bullmq = new pg.Pool(queueConnection(environment, 'worker', 'millrace_worker'));
    const client = await bullmq.connect();
    await terminate(await pidOf(client));
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    expect(await pidOf(bullmq)).toBeGreaterThan(0);
    await bullmq.end();
  });

  it('while idle is replaced', async () => {
    const pid = await pidOf(pool);
    await terminate(pid);
    expect(await pidOf(pool)).not.toBe(pid);
  });
});
