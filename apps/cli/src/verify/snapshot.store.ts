import type { ClientBase, Pool } from 'pg';
import { inTransaction, streamPages } from '#database';

/** A consistent view of the database while workers keep writing. */
export class Snapshot {
  private cursors = 0;

  private constructor(private readonly client: ClientBase) {}

  /** Runs `work` in a REPEATABLE READ transaction. */
  static async with<T>(pool: Pool, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return inTransaction(pool, async (client) => {
      await client.query(`
        SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
        SET LOCAL cursor_tuple_fraction = 1;
        SET LOCAL work_mem = '128MB'`);
      // Before the snapshot is taken, so that no partition can be dropped meanwhile.
      await client.query('LOCK TABLE events IN ACCESS SHARE MODE');
      return work(new Snapshot(client));
    });
  }

  /** Streams all rows of a query. */
  async *stream<Row>(query: string, values: readonly unknown[] = []): AsyncGenerator<Row> {
    const pages = streamPages<Row>(this.client, `verify_${this.cursors++}`, query, values);
    for await (const page of pages) yield* page;
  }

  /** Since when each organization's events are kept, in milliseconds since the epoch. */
  async horizons(): Promise<Map<string, number>> {
    const { rows } = await this.client.query<{ id: string; from: Date }>(
      'SELECT organization_id AS id, events_from AS from FROM horizons',
    );
    return new Map(rows.map(({ id, from }) => [id, from.getTime()]));
  }

  /** Days (`YYYY-MM-DD`) with an events partition, sorted. */
  async keptDays(): Promise<string[]> {
    const { rows } = await this.client.query<{ day: string }>(`
      SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::text AS day
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'event_rows'::regclass AND c.relname ~ '^event_rows_[0-9]{8}$'
      ORDER BY day`);
    return rows.map(({ day }) => day);
  }
}
