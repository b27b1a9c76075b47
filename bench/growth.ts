import pg from 'pg';
import { createPool } from '#database';
import { Compactor } from '#rollups';

/** Fills today's partition with rows like the stream's, for (f). Ten million take a minute or two. */
export async function fillEvents(
  databaseUrl: string,
  organizationIds: readonly string[],
  rows: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO event_rows (organization_id, ts, received_at, id, type, user_id, session_id, payload)
     SELECT ($1::uuid[])[1 + floor(50 * random() * random())::int], at, at, gen_random_uuid()::text,
            'page_view', 'user-' || n % 5000, 'session-' || n % 9000,
            '{"page":"/docs/start","status":200,"bytes":48213,"referrer":"https://example.org/"}'
     FROM (SELECT n, date_trunc('day', now()) + n * (now() - date_trunc('day', now())) / $2 AS at
           FROM generate_series(1, $2::int) AS n) AS rows`,
    [organizationIds, rows],
  );
  await client.end();
  await vacuum(databaseUrl);
}

/** Vacuums, analyzes and writes out the rows of events. */
export async function vacuum(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('VACUUM (ANALYZE) event_rows');
  await client.query('CHECKPOINT');
  await client.end();
}

/** Folds in the deltas of a stopped worker, so that the next run does not start with their compaction. */
export async function compactRest(databaseUrl: string): Promise<void> {
  const pool = createPool({ databaseUrl, role: 'worker', size: 2 });
  await new Compactor(pool).compactAll();
  await pool.end();
}

/** Bytes of some tables on disk per event, index and TOAST included. */
export async function bytesPerEvent(
  databaseUrl: string,
  tables: readonly string[] = ['event_rows'],
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(inhrelid))::float8 / (SELECT count(*) FROM events) AS bytes
     FROM pg_inherits WHERE inhparent = ANY($1::regclass[])`,
    [tables],
  );
  await client.end();
  return rows[0]!.bytes;
}
