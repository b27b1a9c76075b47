import type { ClientBase } from 'pg';
import { streamPages } from '#database';
import type { SeriesDelta, SessionDelta, UserDay } from '../delta/delta.js';
import type { StoredDelta } from './remembered-deltas.js';

/** Deltas per fetch; one has up to 5,000 events. */
const DELTAS_PER_PAGE = 100;
let cursors = 0;

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

/** Streams the series of a type. */
export const seriesDeltas = (
  client: ClientBase,
  organizationId: string,
  type: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<SeriesDelta>[]> =>
  streamPages(
    client,
    `deltas_${cursors++}`,
    `SELECT id::float8 AS id, series AS items FROM rollup_deltas
     WHERE organization_id = $1 AND type = $2 AND id = ANY($3)`,
    [organizationId, type, ids],
    DELTAS_PER_PAGE,
  );

/** Streams user days. */
export const userDayDeltas = (
  client: ClientBase,
  organizationId: string,
  ids: readonly number[],
): AsyncGenerator<StoredDelta<UserDay>[]> => activityDeltas(client, 'user_days', organizationId, ids);

/** Streams sessions. */
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
  streamPages(
    client,
    `deltas_${cursors++}`,
    `SELECT id::float8 AS id, ${column} AS items FROM activity_deltas WHERE organization_id = $1 AND id = ANY($2)`,
    [organizationId, ids],
    DELTAS_PER_PAGE,
  );
