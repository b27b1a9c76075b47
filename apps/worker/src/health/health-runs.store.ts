import type { ClientBase } from 'pg';
import { type CheckedVerdict, worst } from '#health';

/**
 * Records a run.
 * @param slot milliseconds since the epoch
 */
export async function recordRun(
  client: ClientBase,
  slot: number,
  everySeconds: number,
  checks: readonly CheckedVerdict[],
): Promise<void> {
  await client.query(
    'INSERT INTO health_checks (slot, every_seconds, status, checks) VALUES ($1, $2, $3, $4)',
    [new Date(slot), everySeconds, worst(checks.map(({ status }) => status)), JSON.stringify(checks)],
  );
}
