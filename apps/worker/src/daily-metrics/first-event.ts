import { type Snapshot } from '#people';
import type { KnownType } from '#rollups';

/**
 * The first event of an organization, to the day in UTC when it is compacted, else to the minute.
 * @returns milliseconds since the epoch; Infinity without events
 */
export async function firstEvent(
  { client, organizationId, pending }: Snapshot,
  types: readonly KnownType[],
): Promise<number> {
  let first = Number.POSITIVE_INFINITY;
  for (const { firstDay } of types) first = Math.min(first, firstDay ?? first);
  for (const { series } of await pending.series(client, organizationId, namesOf(types))) {
    for (const { t } of series) first = Math.min(first, t * 1000);
  }
  return first;
}

export const namesOf = (types: readonly KnownType[]) => types.map(({ type }) => type);
