import type { Pool } from 'pg';
import { type CheckedVerdict, type HealthRun, latestRuns, STATUSES } from '#health';
import type { JobContext, JobCounts, JobLogger, LoopContext, Token } from '#jobs';
import type { CheckDefinition } from './checks/define-check.js';
import { HEALTH_JOB } from './checks/jobs.check.js';
import { healthChanges } from './health-changes.js';
import { recordRun } from './health-runs.store.js';
import { pausedJobs } from './reads/job-runs.read-model.js';
import { runChecks } from './run-checks.js';

/** After so many intervals without a run, one is made without the queue. After three, reports would call the newest too old. */
const LATE_AFTER = 2;

/** Runs the checks and records what they found. */
export class HealthChecker {
  /** When this worker last saw a run begin, or began to look; milliseconds since the epoch. */
  private seen: number | null = null;

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
    const { previous, found } = await this.find({ clock, signal });
    const counts = await transaction(async (client) => {
      await recordRun(client, slot, this.everySeconds, found);
      return Object.fromEntries(
        STATUSES.map((status) => [status, found.filter((check) => check.status === status).length]),
      );
    });
    logChanges(logger, previous, found);
    return counts;
  }

  /**
   * Makes a run if there was none for two intervals: then the queue does not bring any. Each worker does so, and the first
   * is recorded.
   */
  async checkIfLate({ clock, logger, signal }: LoopContext): Promise<void> {
    const everyMs = this.everySeconds * 1000;
    const [latest] = await latestRuns(this.pool, 1);
    this.seen = Math.max(this.seen ?? clock.now(), latest?.slot.getTime() ?? 0);
    if (clock.now() - this.seen <= LATE_AFTER * everyMs) return;
    if ((await pausedJobs(this.pool)).has(HEALTH_JOB)) return;
    const slot = Math.floor(clock.now() / everyMs) * everyMs;
    const { previous, found } = await this.find({ clock, signal });
    if (await recordRun(this.pool, slot, this.everySeconds, found)) logChanges(logger, previous, found);
  }

  private async find({ clock, signal }: Pick<LoopContext, 'clock' | 'signal'>) {
    const [previous = null] = await latestRuns(this.pool, 1);
    const { checks, provider } = this;
    return { previous, found: await runChecks({ checks, provider, clock, previous, signal }) };
  }
}

function logChanges(logger: JobLogger, previous: HealthRun | null, found: readonly CheckedVerdict[]): void {
  const { failures, recoveries } = healthChanges(previous?.checks ?? [], found);
  for (const failure of failures) logger.warn(failure);
  for (const name of recoveries) logger.log(`${name} no longer fails`);
}
