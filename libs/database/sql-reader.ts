/** The group of all roles that read in SQL, one for each organization with SQL access. */
export const READERS = 'millrace_reader';

/** What a reader may use. It can lift the first two for itself, not the others: workers end transactions that take longer. */
export const READER_LIMITS = {
  statementMs: 30_000,
  idleInTransactionMs: 30_000,
  transactionMs: 60_000,
  connections: 10,
  /** Of one connection. */
  temporaryFiles: '512MB',
} as const;

const PREFIX = 'millrace_org_';

/** The role with which an organization reads in SQL. */
export const readerRole = (organizationId: string) =>
  `${PREFIX}${organizationId.replaceAll('-', '').toLowerCase()}`;

/** SQL that tests whether a name is that of a reader. */
export const isReader = (name: string) => `starts_with(${name}, '${PREFIX}')`;

/**
 * SQL for the organization of the current role, or another value when that is no reader. It is taken from the name of the
 * role, which a reader cannot change. A setting such as app.current_org_id would not do: everybody with psql can set it.
 * CASE, because the planner uses an index only for expressions that it knows not to leak, and COALESCE is none of them.
 */
export const readerOrganizationOr = (other: string) =>
  `CASE WHEN ${isReader('current_user')} THEN substr(current_user, ${PREFIX.length + 1})::uuid ELSE ${other} END`;

/**
 * SQL that shows readers their organization's rows of a walled table.
 * @param column names the organization
 * @param columns that they may read; absent: all
 */
export function showToReaders(table: string, column: string, columns?: readonly string[]): string {
  return `
    CREATE POLICY reader ON ${table} FOR SELECT TO ${READERS}
      USING (${column} = ${readerOrganizationOr('NULL')});
    GRANT SELECT ${columns ? `(${columns.join(', ')})` : ''} ON ${table} TO ${READERS};`;
}
