import pg, { type ClientBase, type Pool } from 'pg';
import { isReader, READER_LIMITS, READERS, ROLES, readerRole } from '#database';

const { statementMs, idleInTransactionMs, connections, temporaryFiles } = READER_LIMITS;

/** Defaults of a reader's session. JIT compilation takes longer than most queries over day partitions. */
const SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: `${statementMs}`,
  idle_in_transaction_session_timeout: `${idleInTransactionMs}`,
  lock_timeout: '5000',
  temp_file_limit: temporaryFiles,
  default_transaction_read_only: 'on',
  timezone: 'UTC',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};

/** SQL of the role with which an organization reads. The client is that of the database's owner, in a transaction. */
export class ReaderStore {
  readonly role: string;
  private readonly name: string;

  constructor(
    private readonly client: ClientBase,
    organizationId: string,
  ) {
    this.role = readerRole(organizationId);
    this.name = pg.escapeIdentifier(this.role);
  }

  async exists(): Promise<boolean> {
    const { rowCount } = await this.client.query('SELECT FROM pg_roles WHERE rolname = $1', [this.role]);
    return rowCount === 1;
  }

  /** @param verifier of its password, as PostgreSQL stores it */
  async create(verifier: string): Promise<void> {
    const { client, name } = this;
    await client.query(
      `CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT ${connections}
       PASSWORD ${pg.escapeLiteral(verifier)} IN ROLE ${READERS}`,
    );
    for (const [setting, value] of Object.entries(SETTINGS)) {
      await client.query(`ALTER ROLE ${name} SET ${setting} = ${pg.escapeLiteral(value)}`);
    }
    // An owner who is no superuser may end its sessions only as a member.
    await client.query(`GRANT ${name} TO CURRENT_USER`);
    await client.query(`
      DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO ${name}', current_database()); END $$`);
  }

  /** Databases of the server, other than this one, that the role may connect to. */
  async otherDatabases(): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database
       WHERE datallowconn AND datname <> current_database() AND has_database_privilege($1, oid, 'CONNECT') ORDER BY 1`,
      [this.role],
    );
    return rows.map(({ name }) => name);
  }

  /** Ends its sessions and drops it. */
  async drop(): Promise<void> {
    const { client, name } = this;
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      this.role,
    ]);
    await client.query(`DROP OWNED BY ${name}`);
    await client.query(`DROP ROLE ${name}`);
  }
}

/** Makes the rest of the transaction act as the API's role, or as the owner again. */
export const actAs = (client: ClientBase, who: 'api' | 'owner') =>
  client.query(`SET LOCAL ROLE ${who === 'api' ? ROLES.api : 'NONE'}`);

/** The names of all readers of the server. */
export async function listReaders(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles WHERE ${isReader('rolname')}`,
  );
  return new Set(rows.map(({ name }) => name));
}
