import type { ClientBase } from 'pg';
import type { Report } from '../content/report.js';
import type { ReportKind } from '../period/report-period.js';
import { finishedErasures } from './finished-erasures.read-model.js';
import { revisionOf, type StoredReport } from './revision.js';

/** A report in a list. */
export type ReportEntry = Pick<StoredReport, 'id' | 'kind' | 'period' | 'computed_at' | 'late_events'>;

/** A report may name a person who was erased since it was computed. */
export class ReportOutdated extends Error {}

/** SQL of one organization's stored reports. */
export class ReportStore {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** @returns null when it does not exist */
  async find(id: string): Promise<StoredReport | null> {
    return this.first('id = $2', [id]);
  }

  /**
   * The report of the period that begins at an instant.
   * @param start milliseconds since the epoch
   */
  async of(kind: ReportKind, start: number): Promise<StoredReport | null> {
    return this.first('kind = $2 AND period_start = $3', [kind, new Date(start)]);
  }

  /**
   * The latest periods first.
   * @param before only reports of periods that begin before this instant, or then and of a kind before; null: all
   */
  async list(limit: number, before: readonly [start: number, kind: string] | null): Promise<ReportEntry[]> {
    const { rows } = await this.client.query<ReportEntry>(
      `SELECT id, kind, content->'period' AS period, content->>'computed_at' AS computed_at,
              (content->>'late_events')::float8 AS late_events
       FROM reports
       WHERE organization_id = $1
         AND ($2::float8 IS NULL OR (period_start, kind) < (to_timestamp($2::float8 / 1000), $3))
       ORDER BY period_start DESC, kind DESC LIMIT $4`,
      [this.organizationId, ...(before ?? [null, null]), limit],
    );
    return rows;
  }

  /**
   * Stores a report, in place of the one of the same period. An erasure waits until the transaction ends, or this waits for
   * the erasure. Where the report was computed in an earlier transaction, this one must not be a snapshot.
   * @throws ReportOutdated when a person was erased since it was computed
   */
  async save(report: Report): Promise<StoredReport> {
    const { kind, period, watermark } = report;
    const inserted = await this.client.query<{ id: string }>(
      `INSERT INTO reports (organization_id, kind, period_start, content) VALUES ($1, $2, $3, $4)
       ON CONFLICT (organization_id, kind, period_start) DO NOTHING RETURNING id`,
      [this.organizationId, kind, period.start, report],
    );
    if ((await finishedErasures(this.client, this.organizationId)) !== watermark.erasures)
      throw new ReportOutdated();
    if (inserted.rows[0]) return { id: inserted.rows[0].id, ...report };
    const { rows } = await this.client.query<{ id: string; content: Report }>(
      `SELECT id, content FROM reports WHERE organization_id = $1 AND kind = $2 AND period_start = $3 FOR UPDATE`,
      [this.organizationId, kind, period.start],
    );
    const { id, content } = rows[0]!;
    const revision = revisionOf(content, report);
    await this.client.query('UPDATE reports SET content = $3 WHERE organization_id = $1 AND id = $2', [
      ...[this.organizationId, id, revision],
    ]);
    return { id, ...revision };
  }

  private async first(condition: string, values: readonly unknown[]): Promise<StoredReport | null> {
    const { rows } = await this.client.query<{ id: string; content: Report }>(
      `SELECT id, content FROM reports WHERE organization_id = $1 AND ${condition}`,
      [this.organizationId, ...values],
    );
    const [row] = rows;
    return row ? { id: row.id, ...row.content } : null;
  }
}
