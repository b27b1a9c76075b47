import type { ClientBase } from 'pg';
import type { SeriesDelta, SessionDelta, UserDay } from '../delta/delta.js';
import type { StoredDelta } from './remembered-deltas.js';

/** Deltas read at a time; one has up to 5,000 events. */
const AT_ONCE = 100;

const parsedIds = (ids: string | null): number[] => ids?.split(',').map(Number) ?? [];

/** Ids of the deltas of series that the transaction sees, by type. Reads no deltas. */
export async function seriesDeltaIds(
  client: ClientBase,
  organizationId: string,
  types: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await client.query<{ type: string; ids: string }>({
    name: 'series-delta-ids',
    text: `SELECT type, string_agg(id::text, ',') AS ids FROM rollup_deltas
           WHERE organization_id = $1 AND type = ANY($2) GROUP BY type`,
    values: [organizationId, types],
  });
  return new Map(rows.map(({ type, ids }) => [type, parsedIds(ids)]));
}

/** Ids of the deltas of sessions and user days that the transaction sees. */
export async function activityDeltaIds(client: ClientBase, organizationId: string): Promise<number[]> {
  const { rows } = await client.query<{ ids: string | null }>({
    name: 'activity-delta-ids',
    text: `SELECT string_agg(id::text, ',') AS ids FROM activity_deltas WHERE organization_id = $1`,
    values: [organizationId],
  });
  return parsedIds(rows[0]!.ids);
}

/** The series of a type, in pages. */
export const seriesDeltas = (
  client: ClientBase,
  organizationId: string,
  type: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<SeriesDelta>[]> =>
  inPages(ids, async (page) => {
    const { rows } = await client.query<StoredDelta<SeriesDelta>>({
      name: 'series-deltas',
      text: `SELECT id::float8 AS id, series AS items FROM rollup_deltas
             WHERE organization_id = $1 AND type = $2 AND id = ANY($3)`,
      values: [organizationId, type, page],
    });
    return rows;
  });

/** User days, in pages. */
export const userDayDeltas = (
  client: ClientBase,
  organizationId: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<UserDay>[]> => activityDeltas(client, 'user_days', organizationId, ids);

/** Sessions, in pages. */
export const sessionDeltas = (
  client: ClientBase,
  organizationId: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<SessionDelta>[]> => activityDeltas(client, 'sessions', organizationId, ids);

const activityDeltas = <Item>(
  client: ClientBase,
  column: 'sessions' | 'user_days',
  organizationId: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<Item>[]> =>
  inPages(ids, async (page) => {
    const { rows } = await client.query<StoredDelta<Item>>({
      name: `activity-deltas-${column}`,
      text: `SELECT id::float8 AS id, ${column} AS items FROM activity_deltas WHERE organization_id = $1 AND id = ANY($2)`,
      values: [organizationId, page],
    });
    return rows;
  });

async function* inPages<Delta>(
  ids: readonly number[],
  read: (page: readonly number[]) => Promise<Delta[]>,
): AsyncGenerator<Delta[]> {
  for (let start = 0; start < ids.length; start += AT_ONCE)
    yield await read(ids.slice(start, start + AT_ONCE));
}
