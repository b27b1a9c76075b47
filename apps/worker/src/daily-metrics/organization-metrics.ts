import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '#database';
import { knownTypes, type PendingDeltas, type RollupReads } from '#rollups';
import type { ComputedOrganization } from '../organizations/organizations.store.js';
import type { Basis } from './basis.js';
import { currentBases } from './current-bases.js';
import { DailyMetricsStore } from './daily-metrics.store.js';
import { dayMetrics } from './day-metrics.js';
import { dueDays } from './due-days.js';
import { firstEvent, namesOf } from './first-event.js';
import { endedDays, type LocalDay } from './local-days.js';

/** Days whose metrics late events still change. */
const RECENT_DAYS = 3;
/** Days in one transaction; each takes some 50 queries. */
const DAYS_AT_ONCE = 10;
const MODE = 'ISOLATION LEVEL REPEATABLE READ';
/** Cursors are read to the end. */
const SETTINGS = ['SET LOCAL cursor_tuple_fraction = 1'];

/** What one transaction did. */
interface Step {
  readonly computed: number;
  readonly isDone: boolean;
}

/** Computes the daily metrics of organizations. */
export class OrganizationMetrics {
  /** @param historyDays how far back days are computed: no older events are accepted */
  constructor(
    private readonly pool: Pool,
    private readonly pending: PendingDeltas,
    private readonly rollups: RollupReads,
    private readonly historyDays: number,
  ) {}

  /**
   * Computes the days of an organization that are due. Each transaction reads one snapshot and leaves whole days.
   * @param now milliseconds since the epoch
   * @returns how many
   * @throws the reason of the signal, once it has aborted
   */
  async compute(organization: ComputedOrganization, now: number, signal: AbortSignal): Promise<number> {
    for (let days = 0; ; ) {
      signal.throwIfAborted();
      const step = await inTransaction(this.pool, (client) => this.step(client, organization, now), {
        mode: MODE,
        settings: SETTINGS,
      });
      days += step.computed;
      if (step.isDone) return days;
    }
  }

  private async step(
    client: ClientBase,
    { id, settings, created_at }: ComputedOrganization,
    now: number,
  ): Promise<Step> {
    const store = new DailyMetricsStore(client, id);
    const timeZone = settings.time_zone ?? 'UTC';
    const history = endedDays(now, timeZone, this.historyDays);
    if (!(await store.lock())) return { computed: 0, isDone: true };
    const snapshot = {
      ...{ client, organizationId: id, pending: this.pending },
      rollups: this.rollups.in(client, id),
    };
    const known = await knownTypes(client, id, history[0]!.from);
    const beginning = Math.min(created_at.getTime(), await firstEvent(snapshot, known));
    const ended = history.filter(({ to }) => to > beginning);
    if (ended.length === 0) return { computed: 0, isDone: true };
    const own = { timeZone, types: namesOf(known), definitions: await store.definitions() };
    const bases = await currentBases(snapshot, ended.slice(-RECENT_DAYS), own);
    const due = dueDays(ended, await store.bases(ended[0]!.date), bases);
    const days = due.slice(0, DAYS_AT_ONCE);
    for (const day of days) {
      await store.replace(day.date, await dayMetrics(snapshot, day, own), basisOf(day, bases));
    }
    return { computed: days.length, isDone: days.length === due.length };
  }
}

const basisOf = ({ date }: LocalDay, bases: ReadonlyMap<string, Basis>) => bases.get(date) ?? null;
