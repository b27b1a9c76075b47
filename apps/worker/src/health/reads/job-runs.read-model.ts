import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

const LAST_SLOTS = `
  SELECT j.job, r.slot FROM unnest($1::text[]) AS j(job),
    LATERAL (SELECT slot FROM job_runs WHERE job = j.job ORDER BY slot DESC LIMIT 1) AS r`;

/** The last completed slot of each job that has one, in milliseconds since the epoch. */
export async function lastSlots(pool: Pool, jobs: readonly string[]): Promise<Map<string, number>> {
  const rows = await boundedQuery<{ job: string; slot: Date }>(pool, LAST_SLOTS, [jobs]);
  return new Map(rows.map(({ job, slot }) => [job, slot.getTime()]));
}
