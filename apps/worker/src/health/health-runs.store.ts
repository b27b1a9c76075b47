import type { ClientBase } from 'pg';
import { type CheckedVerdict, worst } from '#health';
import { HEALTH_JOB } from './checks/jobs.check.js';

/** Days for which runs are kept. */
const KEPT_DAYS = 30;

/**
 * Records a run, and forgets those of more than 30 days ago with their slots in `job_runs`.
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
  await client.query(`DELETE FROM health_checks WHERE slot < now() - make_interval(days => $1)`, [KEPT_DAYS]);
  await client.query(`DELETE FROM job_runs WHERE job = $2 AND slot < now() - make_interval(days => $1)`, [
    KEPT_DAYS,
    HEALTH_JOB,
  ]);
}
