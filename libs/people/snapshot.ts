import type { ClientBase } from 'pg';
import { AGGREGATION_WINDOWS } from '#config';
import { type PendingDeltas, type RollupReads, storedWindow } from '#rollups';
import type { Scope } from './development/scope.js';

/** One snapshot of what is counted of an organization. */
export interface Snapshot {
  readonly client: ClientBase;
  readonly organizationId: string;
  readonly pending: PendingDeltas;
  readonly rollups: ReturnType<RollupReads['in']>;
}

/**
 * The buckets between bounds, of everyone. Workers count all windows, whichever the API may read. Pure.
 * @param bounds in milliseconds since the epoch
 */
export const scopeOf = (bounds: readonly number[]): Scope => ({
  bounds,
  stored: storedWindow(bounds, AGGREGATION_WINDOWS) ?? '1m',
});
