import type { ClientBase } from 'pg';
import type { PerformanceReport } from '#performance';

/** Stores performance reports, and finds the one to compare with. */
export class PerformanceReportsStore {
  constructor(private readonly client: ClientBase) {}

  /** When reports were computed, in milliseconds since the epoch. */
  async instants(): Promise<number[]> {
    const { rows } = await this.client.query<{ computed_at: Date }>(
      'SELECT computed_at FROM performance_reports',
    );
    return rows.map(({ computed_at }) => computed_at.getTime());
  }

  async at(instant: number): Promise<PerformanceReport | null> {
    const { rows } = await this.client.query<{ content: PerformanceReport }>(
      'SELECT content FROM performance_reports WHERE computed_at = $1',
      [new Date(instant)],
    );
    return rows[0]?.content ?? null;
  }

  async add(report: PerformanceReport): Promise<void> {
    await this.client.query('INSERT INTO performance_reports (computed_at, content) VALUES ($1, $2)', [
      report.computed_at,
      JSON.stringify(report),
    ]);
  }
}
