import type { RetentionPlan } from '../plan/plan.js';
import type { Run } from '../transactions/run.js';
import { LOCK_MS, withShortLocks } from '../transactions/with-short-locks.js';
import { type Horizon, HorizonStore, type WantedHorizon } from './horizon.store.js';

/** Raises the horizons to a plan, and waits for who stores events under the old ones. Resolves with all of them. */
export async function raiseHorizons(
  run: Run,
  { organizations }: RetentionPlan,
): Promise<ReadonlyMap<string, Horizon>> {
  const standing = await new HorizonStore(run.pool).all();
  const wanted = [...organizations].map(([organizationId, cutoffs]) => ({
    organizationId,
    eventsFrom: cutoffs.EVENT_RETENTION_DAYS,
    metricsFrom: cutoffs.METRICS_RETENTION_DAYS,
    minutesFrom: cutoffs.MINUTE_ROLLUP_RETENTION_DAYS,
  }));
  const higher = wanted.filter((horizon) => isHigher(horizon, standing.get(horizon.organizationId)));
  if (higher.length === 0) return standing;
  await withShortLocks(run, (client) => new HorizonStore(client).raise(higher, LOCK_MS));
  return new HorizonStore(run.pool).all();
}

const isHigher = (wanted: WantedHorizon, standing: Horizon | undefined) =>
  !standing ||
  wanted.eventsFrom > standing.eventsFrom ||
  wanted.metricsFrom > standing.metricsFrom ||
  wanted.minutesFrom > standing.minutesFrom;
