import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { computeReport, lastPeriod, type ReportKind, ReportStore, type StoredReport } from '#reports';
import type { PendingDeltas, RollupReads } from '#rollups';
import { knownTypes } from '#rollups';
import type { ComputedOrganization } from '../organizations/organizations.store.js';
import { planMails } from './planned-mails.store.js';

const MODE = 'ISOLATION LEVEL REPEATABLE READ';
const SETTINGS = [
  // Cursors are read to the end.
  'SET LOCAL cursor_tuple_fraction = 1',
  // Before the snapshot: no person is erased between the two.
  'LOCK TABLE reports IN ROW EXCLUSIVE MODE',
];

/** What became of the report of one organization. */
export type DueCounts = Readonly<{ reports: number; mails: number }>;

/** Computes the reports of periods that have ended. */
export class DueReports {
  /** @param isMailing whether recipients get the reports by mail */
  constructor(
    private readonly pool: Pool,
    private readonly pending: PendingDeltas,
    private readonly rollups: RollupReads,
    private readonly isMailing: boolean,
  ) {}

  /**
   * Stores the report of an organization's last period, unless it is stored, and writes down its mails. An organization that never
   * had events gets none.
   * @param now milliseconds since the epoch
   * @returns how many reports were stored, and mails written down
   */
  compute(kind: ReportKind, { id, settings }: ComputedOrganization, now: number): Promise<DueCounts> {
    const calendar = { timeZone: settings.time_zone ?? 'UTC', firstWeekday: settings.first_weekday ?? 1 };
    const period = lastPeriod(kind, now, calendar);
    return inTransaction(
      this.pool,
      async (client) => {
        const store = new ReportStore(client, id);
        const plan = (report: StoredReport) =>
          planMails(client, { organizationId: id, id: report.id, kind }, now, this.isMailing);
        const stored = await store.of(kind, period.from);
        // Somebody may have asked for it before it was due.
        if (stored) return { reports: 0, mails: await plan(stored) };
        if ((await knownTypes(client, id, period.from)).length === 0) return { reports: 0, mails: 0 };
        const rollups = this.rollups.in(client, id);
        const snapshot = { client, organizationId: id, pending: this.pending, rollups };
        return {
          reports: 1,
          mails: await plan(await store.save(await computeReport(snapshot, period, now))),
        };
      },
      { mode: MODE, settings: SETTINGS },
    );
  }
}
