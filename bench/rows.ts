import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { EventStream } from './events.js';
import { Random } from './random.js';

const EVENTS_PER_CHUNK = 1000;

/** The instants of rendered events, milliseconds since the epoch. */
export interface Instants {
  readonly start: number;
  readonly perMillisecond: number;
}

/** Rows of the stream as chunks for COPY, without duplicates: one would fail the whole chunk. */
export function* renderRows(
  organizationIds: readonly string[],
  chunks: number,
  seed: number,
  { start, perMillisecond }: Instants,
): Generator<Buffer> {
  let made = 0;
  const stream = new EventStream(new Random(seed), () => Math.floor(start + made++ / perMillisecond));
  const seen = new Set<string>();
  const receivedAt = new Date(start).toISOString();
  for (let chunk = 0; chunk < chunks; chunk++) {
    const lines: string[] = [];
    while (lines.length < EVENTS_PER_CHUNK) {
      const { organization, events } = stream.batch(EVENTS_PER_CHUNK - lines.length);
      for (const event of events) {
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        const { id, ts, type, user_id, session_id } = event;
        const payload = JSON.stringify(event.payload).replaceAll('\\', '\\\\');
        lines.push(
          [organizationIds[organization], ts, receivedAt, id, type, user_id, session_id, payload].join('\t'),
        );
      }
    }
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/** Copies chunks into the table of rows, one commit each. */
export async function copyRows(client: pg.Client, chunks: Iterable<Buffer>): Promise<void> {
  for (const chunk of chunks) {
    const copy = client.query(
      copyFrom(
        'COPY event_rows (organization_id, ts, received_at, id, type, user_id, session_id, payload) FROM STDIN',
      ),
    );
    await pipeline([chunk], copy);
  }
}
