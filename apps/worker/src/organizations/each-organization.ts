import type { Pool } from 'pg';
import { failureKind } from '#database';
import type { JobContext } from '#jobs';
import { Compactor } from '#rollups';
import { type ComputedOrganization, organizationsAfter } from './organizations.store.js';

/** Organizations in memory. */
const PAGE = 100;

/** What a run did. */
export type RunCounts = Readonly<{ organizations: number; computed: number }>;

/**
 * Computes something for all organizations, one after the other. An organization that fails does not stop the others. Sessions and
 * users are compacted before: what pends is read into memory, 200 bytes for each.
 * @param compute returns how much was computed
 * @throws a transient error of the database, or whatever ends a run whose signal aborts, at once; AggregateError of all
 * others at the end
 */
export async function eachOrganization(
  pool: Pool,
  compute: (organization: ComputedOrganization) => Promise<number>,
  { logger, signal }: Pick<JobContext, 'logger' | 'signal'>,
): Promise<RunCounts> {
  const counts = { organizations: 0, computed: 0 };
  const errors: Error[] = [];
  const compactor = new Compactor(pool);
  for (let after: string | null = null; ; ) {
    const page: ComputedOrganization[] = await organizationsAfter(pool, after, PAGE);
    for (const organization of page) {
      try {
        await compactor.compact({ organizationId: organization.id, type: null }, signal);
        const computed = await compute(organization);
        counts.computed += computed;
        if (computed > 0) counts.organizations++;
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
