import type { Pool } from 'pg';

/**
 * Ends the sessions of SQL readers whose transaction has been open for longer than this.
 * @returns how many
 */
export async function endLongReads(pool: Pool, longestMs: number): Promise<number> {
  const { rows } = await pool.query<{ ended: number }>(
    `SELECT end_long_reads($1 * interval '1 millisecond') AS ended`,
    [longestMs],
  );
  return rows[0]!.ended;
}
