import { Problem } from '../http/problem.js';
import {
  ConcurrencyLimitExceeded,
  OwnerConcurrencyLimit,
} from '../query/tenant-reads/owner-concurrency-limit.js';

/** Milliseconds that an export waits for others to end. */
const MAX_WAIT_MS = 15_000;
/** Exports that run at a time, of an organization and on a replica: each holds some ten megabytes. */
const OF_ORGANIZATION = { concurrency: 3, maxWaiting: 20, maxWaitMs: MAX_WAIT_MS };
const OF_REPLICA = { concurrency: 12, maxWaiting: 100, maxWaitMs: MAX_WAIT_MS };
const REPLICA = 'replica';

/** Limits how many exports are sent at a time; others wait for their turn. */
export class ExportLimit {
  private readonly organizations = new OwnerConcurrencyLimit(OF_ORGANIZATION);
  private readonly replica = new OwnerConcurrencyLimit(OF_REPLICA);

  /**
   * @param work resolves when the export has been sent, or its client has left
   * @throws Problem 429 when too many exports are waiting, or this one has waited for too long
   */
  async run(organizationId: string, work: () => Promise<void>): Promise<void> {
    try {
      await this.organizations.run(organizationId, () => this.replica.run(REPLICA, work));
    } catch (error) {
      if (!(error instanceof ConcurrencyLimitExceeded)) throw error;
      const detail =
        'Too many exports are running: try again when one has ended, or ask for a job (POST /v1/exports)';
      throw new Problem(429, 'too_many_exports', detail, undefined, { 'retry-after': '5' });
    }
  }
}
