import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { waitForCompactionLock } from '#rollups';
import { ClosingStore, type Day } from './closing.store.js';
import { planSpan } from './plan-span.js';
import { SegmentStore } from './segment.store.js';
import type { SpanEnd } from './span.js';

/** Somebody reads the partition, and the next run tries again; or retention has dropped it. */
const NOT_TRUNCATED = new Set(['55P03', '42P01']);

/** Counts of a closing. */
export interface ClosedCounts {
  /** Rows moved into segments. */
  readonly events: number;
  /** Segments written. */
  readonly segments: number;
}

/**
 * Moves the rows of a day into segments, in transactions of some 8,000 events. Whatever ends it, the next run goes on
 * where it stopped. Rows that arrive late are moved by the next run.
 * @param mayGoOn asked before each transaction
 * @throws the server's error; Error when segments differ from their events. Nothing of that transaction is written then
 */
export async function closeDay(
  pool: Pool,
  day: Day,
  mayGoOn: () => boolean = () => true,
): Promise<ClosedCounts> {
  const counts = { events: 0, segments: 0 };
  const closing = new ClosingStore(pool);
  await closing.begin(day);
  for (let id = await closing.nextOrganization(day, null); id; id = await closing.nextOrganization(day, id)) {
    for (let after: SpanEnd | null = null; ; ) {
      if (!mayGoOn()) return counts;
      const closed = await closeSpan(pool, id, day, after);
      if (!closed) break;
      counts.events += closed.events;
      counts.segments += closed.segments;
      after = closed.last;
    }
  }
  await closing.forgetRowBlocks(day);
  await truncate(pool, day);
  return counts;
}

async function truncate(pool: Pool, day: Day): Promise<void> {
  try {
    await inTransaction(pool, (client) => new ClosingStore(client).truncate(day));
  } catch (error) {
    if (!NOT_TRUNCATED.has((error as { code?: string }).code ?? '')) throw error;
  }
}

async function closeSpan(
  pool: Pool,
  organizationId: string,
  day: Day,
  after: SpanEnd | null,
): Promise<(ClosedCounts & { readonly last: SpanEnd }) | null> {
  return inTransaction(pool, async (client) => {
    // An erasure holds it as well.
    await waitForCompactionLock(client, organizationId);
    const closing = new ClosingStore(client);
    const rows = await closing.pendingRows(organizationId, day, after);
    if (!rows) return null;
    const span = planSpan(rows, await closing.nearbyBlocks(organizationId, day, rows));
    const { moved, segments } = await new SegmentStore(client, organizationId).rewrite(span);
    return { events: moved, segments, last: span.last };
  });
}
