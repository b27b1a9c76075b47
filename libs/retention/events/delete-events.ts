import type { ClientBase } from 'pg';
import { lockCompaction } from '#rollups';
import type { EventDay } from '../days/event-day.store.js';
import { type Horizon, HorizonStore } from '../horizons/horizon.store.js';
import { inBatches } from '../transactions/batches.js';
import type { Run } from '../transactions/run.js';
import { type EventRange, ExpiredEventsStore } from './expired-events.store.js';

/** Rows for which a block stands: it has up to 4,000 events, 200 kB. */
const ROWS_OF_BLOCK = 500;

/** The days on which an organization may have events before its horizon. Pure. */
export const daysToClear = (days: readonly EventDay[], { eventsFrom, clearedUntil }: Horizon) =>
  days.filter(({ from, to }) => to <= eventsFrom && (clearedUntil === null || from >= clearedUntil));

/**
 * Deletes an organization's events before its horizon, on days that others keep.
 * @param days with partitions, oldest first
 * @returns how many events were deleted
 */
export async function deleteEvents(run: Run, days: readonly EventDay[], horizon: Horizon): Promise<number> {
  const { organizationId, eventsFrom } = horizon;
  let total = 0;
  for (const { from, to } of daysToClear(days, horizon)) {
    const range = { from: new Date(from), to: new Date(to) };
    total += await deleteDay(run, organizationId, range);
  }
  if (horizon.clearedUntil !== eventsFrom)
    await new HorizonStore(run.pool).cleared(organizationId, eventsFrom);
  return total;
}

async function deleteDay(run: Run, organizationId: string, range: EventRange): Promise<number> {
  /** Closing a day and erasing a person move the same events. */
  const locked = async (client: ClientBase, work: (store: ExpiredEventsStore) => Promise<number>) =>
    (await lockCompaction(client, organizationId))
      ? work(new ExpiredEventsStore(client, organizationId))
      : null;
  const rows = await inBatches(run, (client, size) =>
    locked(client, (store) => store.deleteRows(range, size)),
  );
  let events = 0;
  await inBatches(run, (client, size) =>
    locked(client, async (store) => {
      const most = Math.ceil(size / ROWS_OF_BLOCK);
      const gone = await store.deleteBlocks(range, most);
      events += gone.events;
      return gone.blocks < most ? 0 : size;
    }),
  );
  return rows + events;
}
