import { failureKind } from '#database';
import type { BatchStore } from './rows/batch.store.js';
import { type PendingBatch, SKIP } from './rows/pending-batch.js';
import type { DeadEvent } from './rows/transaction-rows.js';

type EventRef = readonly [PendingBatch, number];

/**
 * Finds the events that PostgreSQL refuses: tries the events in halves until each bad one stands alone,
 * about 2·log₂(n) tries for one bad event. Marks them as dead.
 * @throws any error that is not about the data
 */
export async function findPoison(store: BatchStore, batches: readonly PendingBatch[]): Promise<DeadEvent[]> {
  const events = batches.flatMap((batch) =>
    Array.from({ length: batch.count }, (_, i): EventRef => [batch, i]).filter(
      ([, i]) => batch.skipped[i] === SKIP.no,
    ),
  );
  const dead = await search(store, batches, events);
  for (const { batch, index } of dead) batch.skipped[index] = SKIP.dead;
  return dead;
}

async function search(
  store: BatchStore,
  batches: readonly PendingBatch[],
  events: readonly EventRef[],
): Promise<DeadEvent[]> {
  if (events.length === 0) return [];
  try {
    await withOnly(batches, events, () => store.tryEvents(batches));
    return [];
  } catch (error) {
    if (failureKind(error) !== 'poison') throw error;
    if (events.length === 1) {
      const [batch, index] = events[0]!;
      const { code, message } = error as { code: string; message: string };
      return [{ batch, index, code, reason: message }];
    }
    const middle = events.length >> 1;
    const left = await search(store, batches, events.slice(0, middle));
    const right = await search(store, batches, events.slice(middle));
    return [...left, ...right];
  }
}

/** Runs `work` with all other events skipped, and restores the marks. */
async function withOnly(
  batches: readonly PendingBatch[],
  events: readonly EventRef[],
  work: () => Promise<void>,
) {
  const marks = batches.map((batch) => batch.skipped.slice());
  for (const batch of batches) batch.skipped.fill(SKIP.dead);
  for (const [batch, i] of events) batch.skipped[i] = SKIP.no;
  try {
    await work();
  } finally {
    batches.forEach((batch, b) => {
      batch.skipped.set(marks[b]!);
    });
  }
}
