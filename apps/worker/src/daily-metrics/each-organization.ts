import type { Pool } from 'pg';
import { failureKind } from '#database';
import type { JobContext } from '#jobs';
import { type MeteredOrganization, organizationsAfter } from './daily-metrics.store.js';

/** Organizations in memory. */
const PAGE = 100;

/** What a run did. */
export type RunCounts = Readonly<{ organizations: number; days: number }>;

/**
 * Computes days of all organizations, one after the other. An organization that fails does not stop the others.
 * @param compute returns the number of days
 * @throws a transient error of the database, or whatever ends a run whose signal aborts, at once; AggregateError of all
 * others at the end
 */
export async function eachOrganization(
  pool: Pool,
  compute: (organization: MeteredOrganization) => Promise<number>,
  { logger, signal }: Pick<JobContext, 'logger' | 'signal'>,
): Promise<RunCounts> {
  const counts = { organizations: 0, days: 0 };
  const errors: Error[] = [];
  for (let after: string | null = null; ; ) {
    const page: MeteredOrganization[] = await organizationsAfter(pool, after, PAGE);
    for (const organization of page) {
      try {
        const days = await compute(organization);
        counts.days += days;
        if (days > 0) counts.organizations++;
      } catch (error) {
        if (signal.aborted || failureKind(error) === 'transient') throw error;
        logger.warn(`organization ${organization.id}: ${(error as Error).message}`);
        errors.push(error as Error);
      }
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.id;
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  return counts;
}
