import type { ClientBase, Pool } from 'pg';
import type { PerformanceReport } from '../content/performance-report.js';

/** A report as it is stored. */
export interface StoredPerformanceReport extends PerformanceReport {
  readonly id: string;
}

/** A report in a list. */
export interface PerformanceReportEntry
  extends Pick<PerformanceReport, 'computed_at' | 'database_bytes' | 'growth_bytes_per_day' | 'findings'> {
  readonly id: string;
  readonly days_until_full: number | null;
}

/** Reads stored reports, the newest first. */
export class PerformanceReportsReadModel {
  constructor(private readonly connection: ClientBase | Pool) {}

  /** @param before instant in milliseconds since the epoch, of the last entry of the page before; null: the first page */
  async list(limit: number, before: number | null): Promise<PerformanceReportEntry[]> {
    const { rows } = await this.connection.query<PerformanceReportEntry>(
      `SELECT id, content->>'computed_at' AS computed_at, (content->>'database_bytes')::float8 AS database_bytes,
              (content->>'growth_bytes_per_day')::float8 AS growth_bytes_per_day,
              (content#>>'{disk,days_until_full}')::float8 AS days_until_full, content->'findings' AS findings
       FROM performance_reports
       WHERE $2::float8 IS NULL OR computed_at < to_timestamp($2 / 1000) ORDER BY computed_at DESC LIMIT $1`,
      [limit, before],
    );
    return rows;
  }

  /** @param id absent: the newest. @returns null when there is none */
  async find(id?: string): Promise<StoredPerformanceReport | null> {
    const { rows } = await this.connection.query<{ id: string; content: PerformanceReport }>(
      `SELECT id, content FROM performance_reports WHERE $1::uuid IS NULL OR $1 = id ORDER BY computed_at DESC LIMIT 1`,
      [id ?? null],
    );
    const [row] = rows;
    return row ? { id: row.id, ...row.content } : null;
  }
}
