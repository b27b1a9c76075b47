import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

const LAST_SLOTS = `
  SELECT j.job, r.slot FROM unnest($1::text[]) AS j(job),
    LATERAL (SELECT slot FROM job_runs WHERE job = j.job AND NOT is_requested ORDER BY slot DESC LIMIT 1) AS r`;

/** The last completed slot of each job's schedule, if there is one, in milliseconds since the epoch. */
export async function lastSlots(pool: Pool, jobs: readonly string[]): Promise<Map<string, number>> {
  const rows = await boundedQuery<{ job: string; slot: Date }>(pool, LAST_SLOTS, [jobs]);
  return new Map(rows.map(({ job, slot }) => [job, slot.getTime()]));
}

/** Names of the jobs that operators have paused. */
export async function pausedJobs(pool: Pool): Promise<Set<string>> {
  const rows = await boundedQuery<{ job: string }>(pool, 'SELECT job FROM jobs WHERE paused_at IS NOT NULL');
  return new Set(rows.map(({ job }) => job));
}
