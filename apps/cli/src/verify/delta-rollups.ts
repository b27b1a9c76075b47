import { compactSeries, type RollupRow, type SeriesDelta } from '#rollups';
import type { CountedType } from './counted-type.js';
import type { OrganizationDeltas } from './rollup.store.js';

export type DeltaRow = RollupRow & { readonly organizationId: string };

/** Rollups by key. */
export type DeltaRows = Map<string, DeltaRow>;

/**
 * The rollup rows that one type's deltas add up to. All in memory: there are only those of the events since the last
 * compaction, or of erased people.
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

/** Identifies a rollup within its type. */
export const rollupKey = (
  row: Pick<DeltaRow, 'organizationId' | 'measure' | 'windowSeconds' | 'bucket' | 'dimensions'>,
) => `${row.organizationId} ${row.measure} ${row.windowSeconds} ${row.bucket} ${row.dimensions}`;
