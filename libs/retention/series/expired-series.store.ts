import type { ClientBase, Pool } from 'pg';

/** SQL of the series of one organization that events before a horizon had. */
export class ExpiredSeriesStore {
  constructor(
    private readonly connection: ClientBase | Pool,
    private readonly organizationId: string,
    private readonly horizon: Date,
  ) {}

  /**
   * Deletes the series of some types and days. Call it in a transaction: a worker that admits series of the day waits for
   * the row of the count, and counts anew.
   * @returns how many types and days
   */
  async delete(size: number): Promise<number> {
    const { rows } = await this.connection.query<{ type: string; day: string }>(
      `DELETE FROM series_counts WHERE organization_id = $1 AND day < $2 AND (type, day) IN (
         SELECT type, day FROM series_counts WHERE organization_id = $1 AND day < $2 LIMIT $3)
       RETURNING type, day::text AS day`,
      [this.organizationId, this.horizon.toISOString(), size],
    );
    if (rows.length === 0) return 0;
    // A statement of its own, which sees what was admitted until the first one had the rows.
    await this.connection.query(
      `DELETE FROM admitted_series a USING unnest($2::text[], $3::date[]) AS gone(type, day)
       WHERE a.organization_id = $1 AND a.type = gone.type AND a.day = gone.day`,
      [this.organizationId, rows.map(({ type }) => type), rows.map(({ day }) => day)],
    );
    return rows.length;
  }

  /** Counts the series. */
  async survey(): Promise<{ rows: number; bytes: number }> {
    const { rows } = await this.connection.query<{ rows: number; bytes: number }>(
      `SELECT count(*)::float8 AS rows, coalesce(sum(pg_column_size(a)), 0)::float8 AS bytes FROM admitted_series a
       WHERE a.organization_id = $1 AND a.day < $2`,
      [this.organizationId, this.horizon.toISOString()],
    );
    return rows[0]!;
  }
}
