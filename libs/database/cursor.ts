import type { ClientBase } from 'pg';

/** Rows fetched at once. */
const PAGE = 2000;

/**
 * All rows of a query, some in memory at a time. Belongs to a transaction.
 * @param name of the cursor, one that the transaction has not open
 */
export async function* streamPages<Row>(
  client: ClientBase,
  name: string,
  query: string,
  values: readonly unknown[] = [],
): AsyncGenerator<Row[]> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${query}`, [...values]);
  for (;;) {
    const { rows } = await client.query(`FETCH ${PAGE} FROM ${name}`);
    if (rows.length > 0) yield rows as Row[];
    if (rows.length < PAGE) break;
  }
  await client.query(`CLOSE ${name}`);
}
