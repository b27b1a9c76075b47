import type { Pool } from 'pg';
import { latestRuns, STATUSES } from '#health';
import type { JobContext, JobCounts, Token } from '#jobs';
import type { CheckDefinition } from './checks/define-check.js';
import { healthChanges } from './health-changes.js';
import { recordRun } from './health-runs.store.js';
import { runChecks } from './run-checks.js';

/** Runs the checks and records what they found. */
export class HealthChecker {
  /**
   * @param provider looks up what checks inject
   * @param everySeconds between two runs
   */
  constructor(
    private readonly checks: readonly CheckDefinition[],
    private readonly pool: Pool,
    private readonly provider: (token: Token) => unknown,
    private readonly everySeconds: number,
  ) {}

  /**
   * Makes the run of a slot. One that comes so late that the next is due is left out: while the queue is behind, only one
   * run follows, not one for each slot.
   * @returns how many checks found what
   */
  async check({ slot, clock, logger, signal, transaction }: JobContext): Promise<JobCounts> {
    if (slot === null || clock.now() - slot > this.everySeconds * 1000) return { skipped: 1 };
    const [previous = null] = await latestRuns(this.pool, 1);
    const { checks, provider } = this;
    const found = await runChecks({ checks, provider, clock, previous, signal });
    const counts = await transaction(async (client) => {
      await recordRun(client, slot, this.everySeconds, found);
      return Object.fromEntries(
        STATUSES.map((status) => [status, found.filter((check) => check.status === status).length]),
      );
    });
    const { failures, recoveries } = healthChanges(previous?.checks ?? [], found);
    for (const failure of failures) logger.warn(failure);
    for (const name of recoveries) logger.log(`${name} no longer fails`);
    return counts;
  }
}
