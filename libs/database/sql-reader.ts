/** The group of all roles that read in SQL, one for each organization with SQL access. */
export const READERS = 'millrace_reader';

/** What a reader may use. It can raise the first two for itself; workers end what runs for longer than the third. */
export const READER_LIMITS = {
  statementMs: 30_000,
  idleInTransactionMs: 30_000,
  transactionMs: 60_000,
  connections: 10,
} as const;

const PREFIX = 'millrace_org_';
const PATTERN = `^${PREFIX}([0-9a-f]{32})$`;

/** The role with which an organization reads in SQL. */
export const readerRole = (organizationId: string) =>
  `${PREFIX}${organizationId.replaceAll('-', '').toLowerCase()}`;

/**
 * SQL for the organization of the current role; NULL unless it is a reader. It is taken from the name of the role, which
 * a reader cannot change. A setting such as app.current_org_id would not do: everybody with psql can set it.
 */
export const READER_ORGANIZATION = `substring(current_user FROM '${PATTERN}')::uuid`;

/** SQL that tests whether a name is that of a reader. */
export const isReader = (name: string) => `${name} ~ '${PATTERN}'`;

/**
 * SQL that shows readers their organization's rows of a walled table.
 * @param column names the organization
 * @param columns that they may read; absent: all
 */
export function showToReaders(table: string, column: string, columns?: readonly string[]): string {
  return `
    CREATE POLICY reader ON ${table} FOR SELECT TO ${READERS} USING (${column} = ${READER_ORGANIZATION});
    GRANT SELECT ${columns ? `(${columns.join(', ')})` : ''} ON ${table} TO ${READERS};`;
}
