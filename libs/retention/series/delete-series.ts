import type { Horizon } from '../horizons/horizon.store.js';
import { inBatches } from '../transactions/batches.js';
import type { Run } from '../transactions/run.js';
import { ExpiredSeriesStore } from './expired-series.store.js';

/** Rows for which a type's day stands; most have fewer than a hundred series. */
const ROWS_OF_DAY = 100;

/**
 * Deletes the series of days before an organization's horizon. No event is counted by them any more.
 * @returns of how many types and days
 */
export async function deleteSeries(run: Run, { organizationId, eventsFrom }: Horizon): Promise<number> {
  let days = 0;
  await inBatches(run, async (client, size) => {
    const most = Math.ceil(size / ROWS_OF_DAY);
    const store = new ExpiredSeriesStore(client, organizationId, new Date(eventsFrom));
    const deleted = await store.delete(most);
    days += deleted;
    return deleted < most ? 0 : size;
  });
  return days;
}
