import type { ClientBase } from 'pg';

/** Rows per fetch, by default. */
const PAGE = 2000;

/**
 * Streams a query's rows page by page through a cursor. Must run in a transaction, whose end closes the cursor: a round trip
 * less.
 * @param name of the cursor, unique within the transaction
 * @param page rows per fetch
 */
export async function* streamPages<Row>(
  client: ClientBase,
  name: string,
  query: string,
  values: readonly unknown[] = [],
  page = PAGE,
): AsyncGenerator<Row[]> {
  await client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${query}`, [...values]);
  for (;;) {
    const { rows } = await client.query(`FETCH ${page} FROM ${name}`);
    if (rows.length > 0) yield rows as Row[];
    if (rows.length < page) break;
  }
}
