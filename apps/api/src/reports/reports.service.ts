import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { inTenant } from '#database';
import type { Snapshot } from '#people';
import {
  computeReport,
  isCurrent,
  type Report,
  type ReportEntry,
  ReportOutdated,
  type ReportPeriod,
  ReportStore,
  type StoredReport,
  watermarkOf,
} from '#reports';
import { PendingDeltas, RollupReads } from '#rollups';
import type { Reader } from '../query/tenant-reads/reader.js';
import { TenantReads } from '../query/tenant-reads/tenant-reads.js';

/** Where a page of reports ended: start of the period, in milliseconds since the epoch, and kind. */
export type ReportPosition = readonly [start: number, kind: string];

/** Reports of organizations: stored ones, and new ones. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly pool: Pool,
    private readonly reads: TenantReads,
    private readonly pending: PendingDeltas,
    private readonly rollups: RollupReads,
  ) {}

  list(organizationId: string, limit: number, before: ReportPosition | null): Promise<ReportEntry[]> {
    return inTenant(this.pool, organizationId, (client) =>
      new ReportStore(client, organizationId).list(limit, before),
    );
  }

  /** @returns null when there is none */
  find(organizationId: string, id: string): Promise<StoredReport | null> {
    return inTenant(this.pool, organizationId, (client) => new ReportStore(client, organizationId).find(id));
  }

  /**
   * The report of a period: the stored one while it is right, else a new one that takes its place.
   * @param now milliseconds since the epoch
   * @throws Problem as `TenantReads.snapshot`
   */
  async run(
    reader: Reader,
    period: ReportPeriod,
    now: number,
  ): Promise<{ isNew: boolean; report: StoredReport }> {
    for (;;) {
      const { stored, computed } = await this.compute(reader, period, now);
      if (computed === null) return { isNew: false, report: stored! };
      try {
        return { isNew: stored === null, report: await this.save(reader.organizationId, computed) };
      } catch (error) {
        // A person was erased meanwhile: computed again, the report does not name them.
        if (!(error instanceof ReportOutdated)) throw error;
      }
    }
  }

  /** The stored report and, unless it is still right, a new one. */
  private compute(reader: Reader, period: ReportPeriod, now: number) {
    const { organizationId } = reader;
    return this.reads.snapshot(reader, async (client) => {
      const snapshot: Snapshot = {
        ...{ client, organizationId, pending: this.pending },
        rollups: this.rollups.in(client, organizationId),
      };
      const stored = await new ReportStore(client, organizationId).of(period.kind, period.from);
      const isRight = stored !== null && isCurrent(stored, await watermarkOf(snapshot, period));
      return { stored, computed: isRight ? null : await computeReport(snapshot, period, now) };
    });
  }

  private save(organizationId: string, report: Report): Promise<StoredReport> {
    return inTenant(this.pool, organizationId, (client) =>
      new ReportStore(client, organizationId).save(report),
    );
  }
}
