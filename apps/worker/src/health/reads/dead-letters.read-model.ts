import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

/** Rows that are counted at most: counting 100,000 takes some 10 ms, and more says no more. */
const MOST = 100_000;

/** Rows of the table `dead_letters`, up to 100,000. */
export async function deadLetterRows(pool: Pool): Promise<number> {
  const [row] = await boundedQuery<{ rows: number }>(
    pool,
    'SELECT count(*)::integer AS rows FROM (SELECT FROM dead_letters LIMIT $1) AS found',
    [MOST],
  );
  return row!.rows;
}
