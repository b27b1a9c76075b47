import type { ClientBase, Pool } from 'pg';
import { type CheckedVerdict, worst } from '#health';

/**
 * Records a run, unless another worker has recorded one of its slot.
 * @param slot milliseconds since the epoch
 * @returns whether it did
 */
export async function recordRun(
  connection: ClientBase | Pool,
  slot: number,
  everySeconds: number,
  checks: readonly CheckedVerdict[],
): Promise<boolean> {
  const { rowCount } = await connection.query(
    'INSERT INTO health_checks (slot, every_seconds, status, checks) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [new Date(slot), everySeconds, worst(checks.map(({ status }) => status)), JSON.stringify(checks)],
  );
  return rowCount === 1;
}
