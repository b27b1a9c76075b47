import { compactSeries, type RollupRow, type SeriesDelta } from '#rollups';
import type { CountedType } from './counted-type.js';
import type { OrganizationDeltas } from './rollup.store.js';

export type DeltaRow = RollupRow & { readonly organizationId: string };

/** Rollups by key. */
export type DeltaRows = Map<string, DeltaRow>;

/**
 * What deltas of one type add to rollups, by key. In memory as a whole: there are as many as events have touched
 * since the last compaction, or people were erased.
 */
export async function deltaRollups(
  deltas: AsyncIterable<OrganizationDeltas>,
  type: CountedType,
  windows: readonly number[],
): Promise<DeltaRows> {
  const organizations = new Map<string, SeriesDelta[]>();
  for await (const { organization_id, series } of deltas) {
    const own = organizations.get(organization_id) ?? [];
    for (const delta of series) own.push(delta);
    organizations.set(organization_id, own);
  }
  const rows: DeltaRows = new Map();
  for (const [organizationId, own] of organizations) {
    for (const row of compactSeries(type.name, own, windows)) {
      rows.set(rollupKey({ organizationId, ...row }), { organizationId, ...row });
    }
  }
  return rows;
}

/** What tells rollups of one type apart. */
export const rollupKey = (
  row: Pick<DeltaRow, 'organizationId' | 'measure' | 'windowSeconds' | 'bucket' | 'dimensions'>,
) => `${row.organizationId} ${row.measure} ${row.windowSeconds} ${row.bucket} ${row.dimensions}`;
