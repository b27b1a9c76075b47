import type { ClientBase } from 'pg';
import type { Statements } from '#performance';

/**
 * The statements that take the most time.
 * @param count how many by all of their time, and how many by their average
 * @returns null where the database has no `pg_stat_statements`
 */
export async function slowStatements(client: ClientBase, count: number): Promise<Statements | null> {
  const { rows } = await client.query<{ found: Statements | null }>(
    'SELECT statement_statistics($1) AS found',
    [count],
  );
  const { found } = rows[0]!;
  return found && { ...found, since: new Date(found.since).toISOString() };
}
