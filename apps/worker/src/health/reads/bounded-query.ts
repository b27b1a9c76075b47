import type { Pool, QueryConfig, QueryResultRow } from 'pg';

/** Milliseconds after which a statement is given up, and its connection closed: a database that hangs holds up nothing. */
const TIMEOUT_MS = 5_000;

/**
 * The rows of a statement.
 * @throws Error when there is no answer within five seconds; the server's error
 */
export async function boundedQuery<Row extends QueryResultRow>(
  pool: Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  // The types do not know the timeout of a single query.
  const query: QueryConfig & { query_timeout: number } = {
    text,
    values: [...values],
    query_timeout: TIMEOUT_MS,
  };
  const { rows } = await pool.query<Row>(query);
  return rows;
}
