import { compactSeries, type RollupRow, type SeriesDelta } from '#rollups';
import type { CountedType } from './counted-type.js';
import type { RollupStore } from './rollup.store.js';

export type PendingRow = RollupRow & { readonly organizationId: string };

/**
 * What the deltas of one type still add to rollups, by key. In memory as a whole: there are as many as
 * events have touched since the last compaction.
 */
export async function pendingRollups(
  store: RollupStore,
  type: CountedType,
  windows: readonly number[],
): Promise<Map<string, PendingRow>> {
  const organizations = new Map<string, SeriesDelta[]>();
  for await (const { organization_id, series } of store.deltas(type)) {
    const own = organizations.get(organization_id) ?? [];
    for (const delta of series) own.push(delta);
    organizations.set(organization_id, own);
  }
  const pending = new Map<string, PendingRow>();
  for (const [organizationId, own] of organizations) {
    for (const row of compactSeries(type.name, own, windows)) {
      pending.set(rollupKey({ organizationId, ...row }), { organizationId, ...row });
    }
  }
  return pending;
}

/** What tells rollups of one type apart. */
export const rollupKey = (
  row: Pick<PendingRow, 'organizationId' | 'measure' | 'windowSeconds' | 'bucket' | 'dimensions'>,
) => `${row.organizationId} ${row.measure} ${row.windowSeconds} ${row.bucket} ${row.dimensions}`;
