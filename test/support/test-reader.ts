import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createPool } from '#database';
import { connectionString } from '../../apps/cli/src/sql-access/connection-string.js';
import { scramVerifier } from '../../apps/cli/src/sql-access/scram-verifier.js';
import { SqlAccessAdministration } from '../../apps/cli/src/sql-access/sql-access-administration.js';
import { TESTER } from './tester.js';

/** SQL access of one organization. */
export class TestReader {
  private constructor(
    private readonly databaseUrl: string,
    readonly organizationId: string,
    readonly role: string,
    readonly url: string,
    readonly otherDatabases: readonly string[],
  ) {}

  static async create(databaseUrl: string, organizationId: string): Promise<TestReader> {
    const password = randomBytes(12).toString('hex');
    const created = await administering(databaseUrl, (access) =>
      access.create(TESTER, organizationId, scramVerifier(password)),
    );
    const { role, otherDatabases } = created!;
    const url = connectionString(databaseUrl, role, password);
    return new TestReader(databaseUrl, organizationId, role, url, otherDatabases);
  }

  /** A new connection. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Ends its connections and drops the role, which would outlive the database. */
  revoke(): Promise<true | null> {
    return administering(this.databaseUrl, (access) => access.revoke(TESTER, this.organizationId));
  }
}

async function administering<T>(
  databaseUrl: string,
  work: (access: SqlAccessAdministration) => Promise<T>,
): Promise<T> {
  const pool = createPool({ databaseUrl, size: 1 });
  try {
    return await work(new SqlAccessAdministration(pool));
  } finally {
    await pool.end();
  }
}
