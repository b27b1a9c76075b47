import type { Pool } from 'pg';
import { builtInFindings, conditionValue } from '#alerts';
import { failureKind, inTransaction } from '#database';
import { latestRuns } from '#health';
import type { JobContext, JobCounts } from '#jobs';
import { PendingDeltas, RollupReads } from '#rollups';
import { AlertsStore } from './alerts.store.js';
import { applyFindings } from './apply-findings.js';
import { builtInFinding, findingOf } from './finding.js';
import { enabledRules, noteValues, type Rule, type RuleValue } from './rules.store.js';

const MODE = 'ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** As long as a query of the API may take. */
const SETTINGS = ["SET LOCAL statement_timeout = '5s'", 'SET LOCAL cursor_tuple_fraction = 1'];
/** Of PostgreSQL: the rule's own statement took too long. */
const QUERY_CANCELED = '57014';

/** Evaluates the rules of all organizations and the built-in ones. */
export class AlertEvaluator {
  /** @param everySeconds between two evaluations */
  constructor(
    private readonly pool: Pool,
    private readonly everySeconds: number,
  ) {}

  /**
   * Makes the evaluation of a slot. One that comes so late that the next is due is left out. States of alerts and what is
   * to be told commit with the slot.
   * @throws a transient error of the database, or the signal's reason when it aborts
   */
  async evaluate({ slot, clock, logger, signal, transaction }: JobContext): Promise<JobCounts> {
    if (slot === null || clock.now() - slot > this.everySeconds * 1000) return { skipped: 1 };
    // Of this evaluation alone: between them, the memory is the ingestion's.
    const pending = new PendingDeltas();
    const rollups = new RollupReads(pending);
    const values: RuleValue[] = [];
    for (const rule of await enabledRules(this.pool)) {
      signal.throwIfAborted();
      const { value, error, why } = await this.valueOf(rule, slot, pending, rollups);
      if (why !== undefined) logger.warn(`rule ${rule.id}: ${why}`);
      values.push({ rule, value, error });
    }
    const [run = null] = await latestRuns(this.pool, 1);
    return transaction(async (client) => {
      const store = new AlertsStore(client);
      await store.lock();
      const noted = await noteValues(client, values, new Date(slot));
      const findings = [...noted.map(findingOf), ...builtInFindings(run).map(builtInFinding)];
      return {
        ...(await applyFindings(store, findings, slot)),
        failed: values.filter(({ error }) => error !== null).length,
      };
    });
  }

  /** A rule that fails stops no other. */
  private async valueOf(
    rule: Rule,
    now: number,
    pending: PendingDeltas,
    rollups: RollupReads,
  ): Promise<Omit<RuleValue, 'rule'> & { readonly why?: string }> {
    const { organization_id: organizationId, condition } = rule;
    try {
      const value = await inTransaction(
        this.pool,
        (client) =>
          conditionValue(
            condition,
            { client, organizationId, pending, rollups: rollups.in(client, organizationId) },
            now,
          ),
        { mode: MODE, settings: SETTINGS },
      );
      return { value, error: null };
    } catch (error) {
      const isSlow = (error as { code?: string }).code === QUERY_CANCELED;
      if (failureKind(error) === 'transient' && !isSlow) throw error;
      return { value: null, error: isSlow ? SLOW : BROKEN, why: (error as Error).message };
    }
  }
}

/** Shown to the organization: no words of PostgreSQL. */
const SLOW = 'The query took longer than five seconds: take a shorter window, or a filter.';
const BROKEN = "The rule could not be evaluated: see the workers' log.";
