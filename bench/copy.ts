import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { createBenchDatabase } from './database.js';
import { EventStream, Random } from './events.js';

/**
 * (a) Upper bound: COPY of pre-rendered rows into the same partitioned table and index, over one connection, one
 * commit per thousand rows.
 * @returns events a second
 */
export async function measureCopy(serverUrl: string, batches: number, seed: number): Promise<number> {
  const database = await createBenchDatabase(serverUrl, 'bench_copy');
  const chunks = renderRows(database.organizationIds, batches, seed);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const start = performance.now();
  for (const chunk of chunks) {
    const copy = client.query(
      copyFrom(
        'COPY event_rows (organization_id, ts, received_at, id, type, user_id, session_id, payload) FROM STDIN',
      ),
    );
    await pipeline([chunk], copy);
  }
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  return (batches * 1000) / seconds;
}

/** Without duplicates: one would fail the COPY of a thousand rows. */
function renderRows(organizationIds: readonly string[], batches: number, seed: number): Buffer[] {
  const now = Date.now();
  let made = 0;
  const stream = new EventStream(new Random(seed), () => Math.floor(now + made++ / 100));
  const seen = new Set<string>();
  const receivedAt = new Date(now).toISOString();
  return Array.from({ length: batches }, () => {
    const lines: string[] = [];
    while (lines.length < 1000) {
      const { organization, events } = stream.batch(1000 - lines.length);
      for (const event of events) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        const payload = JSON.stringify(event.payload).replaceAll('\\', '\\\\');
        lines.push(
          [
            organizationIds[organization],
            event.ts,
            receivedAt,
            event.id,
            event.type,
            event.user_id,
            event.session_id,
            payload,
          ].join('\t'),
        );
      }
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  });
}
