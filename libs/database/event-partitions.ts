import type { ClientBase, Pool } from 'pg';

const DAY_MS = 86_400_000;
/** Days ahead for which partitions exist. Events may be 24 h ahead of our clock, which touches two days. */
const DAYS_AHEAD = 2;

/**
 * Creates the missing day partitions of `event_rows`, from the end of retention to two days ahead.
 * @param now milliseconds since the epoch
 * @returns how many were created
 */
export async function ensureEventPartitions(
  connection: ClientBase | Pool,
  retentionDays: number,
  now: number,
): Promise<number> {
  const day = (offset: number) => new Date(now + offset * DAY_MS).toISOString().slice(0, 10);
  const { rows } = await connection.query<{ created: number }>(
    'SELECT ensure_event_partitions($1::date, $2::date) AS created',
    [day(-retentionDays), day(DAYS_AHEAD)],
  );
  return rows[0]?.created ?? 0;
}
