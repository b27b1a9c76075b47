import { failureKind } from '#database';
import type { BatchStore } from './rows/batch.store.js';
import type { DeadEvent } from './rows/dead-letter-parameters.js';
import type { PendingBatch, SelectedEvents } from './rows/pending-batch.js';

type EventRef = readonly [PendingBatch, number];

/**
 * Finds the events that PostgreSQL refuses, and marks them as dead. Tries the events in halves until each bad
 * one is alone: about 2·log₂(n) tries per bad event.
 * @throws any error that is not about the data
 */
export async function findPoison(store: BatchStore, batches: readonly PendingBatch[]): Promise<DeadEvent[]> {
  const events = batches.flatMap((batch) => batch.keptEvents().map((i): EventRef => [batch, i]));
  const dead = await search(store, events);
  for (const { batch, index } of dead) batch.skip(index, 'dead');
  return dead;
}

async function search(store: BatchStore, events: readonly EventRef[]): Promise<DeadEvent[]> {
  if (events.length === 0) return [];
  try {
    await store.tryEvents(byBatch(events));
    return [];
  } catch (error) {
    if (failureKind(error) !== 'poison') throw error;
    if (events.length === 1) {
      const [batch, index] = events[0]!;
      const { code, message } = error as { code: string; message: string };
      return [{ batch, index, code, reason: message }];
    }
    const middle = events.length >> 1;
    const left = await search(store, events.slice(0, middle));
    const right = await search(store, events.slice(middle));
    return [...left, ...right];
  }
}

/** @param events ascending, events of one batch adjacent */
function byBatch(events: readonly EventRef[]): SelectedEvents[] {
  const selection = new Map<PendingBatch, number[]>();
  for (const [batch, i] of events) {
    const own = selection.get(batch);
    if (own) own.push(i);
    else selection.set(batch, [i]);
  }
  return [...selection].map(([batch, own]) => ({ batch, events: own }));
}
