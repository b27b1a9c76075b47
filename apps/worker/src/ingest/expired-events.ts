import type { BatchStore } from './rows/batch.store.js';
import type { DeadEvent } from './rows/dead-letter-parameters.js';
import type { PendingBatch } from './rows/pending-batch.js';

/** As in the answers of intake, which refuses most of these events. */
const CODE = 'ts_out_of_range';

/**
 * Finds the events of days that retention has taken away, and marks them as dead: whether they are duplicates can no
 * longer be told, and the aggregates of those days stay as they are.
 */
export async function findExpired(store: BatchStore, batches: readonly PendingBatch[]): Promise<DeadEvent[]> {
  const organizations = [...new Set(batches.map(({ encoded }) => encoded.organizationId))];
  const horizons = await store.horizons(organizations);
  const dead = batches.flatMap((batch) => {
    const horizon = horizons.get(batch.encoded.organizationId) ?? Number.NEGATIVE_INFINITY;
    const instants = batch.reader.instants();
    const expired = batch.keptEvents().filter((index) => instants[index]! < horizon);
    return expired.map((index) => ({ batch, index, code: CODE, reason: reasonOf(horizon) }));
  });
  for (const { batch, index } of dead) batch.skip(index, 'dead');
  return dead;
}

const reasonOf = (horizon: number) =>
  `events before ${new Date(horizon).toISOString()} are no longer kept, so that this one could be a duplicate`;
