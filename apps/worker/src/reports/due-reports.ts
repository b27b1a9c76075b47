import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { computeReport, lastPeriod, type ReportKind, ReportStore } from '#reports';
import type { PendingDeltas, RollupReads } from '#rollups';
import { knownTypes } from '#rollups';
import type { ComputedOrganization } from '../organizations/organizations.store.js';

const MODE = 'ISOLATION LEVEL REPEATABLE READ';
const SETTINGS = [
  // Cursors are read to the end.
  'SET LOCAL cursor_tuple_fraction = 1',
  // Before the snapshot: no person is erased between the two.
  'LOCK TABLE reports IN ROW EXCLUSIVE MODE',
];

/** Computes the reports of periods that have ended. */
export class DueReports {
  constructor(
    private readonly pool: Pool,
    private readonly pending: PendingDeltas,
    private readonly rollups: RollupReads,
  ) {}

  /**
   * Stores the report of an organization's last period, unless it is stored. An organization that never had events gets none.
   * @param now milliseconds since the epoch
   * @returns how many reports were stored
   */
  compute(kind: ReportKind, { id, settings }: ComputedOrganization, now: number): Promise<number> {
    const calendar = { timeZone: settings.time_zone ?? 'UTC', firstWeekday: settings.first_weekday ?? 1 };
    const period = lastPeriod(kind, now, calendar);
    return inTransaction(
      this.pool,
      async (client) => {
        const store = new ReportStore(client, id);
        if (await store.of(kind, period.from)) return 0;
        if ((await knownTypes(client, id, period.from)).length === 0) return 0;
        const rollups = this.rollups.in(client, id);
        const snapshot = { client, organizationId: id, pending: this.pending, rollups };
        await store.save(await computeReport(snapshot, period, now));
        return 1;
      },
      { mode: MODE, settings: SETTINGS },
    );
  }
}
