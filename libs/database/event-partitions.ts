import type { ClientBase, Pool } from 'pg';

const DAY_MS = 86_400_000;
/** How far ahead of its clock a client may be, in days; the contract accepts 24 h, so two days stand ready. */
const DAYS_AHEAD = 2;

/**
 * Makes sure that a partition stands for every day an event may have: from the edge of retention to two
 * days ahead.
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
