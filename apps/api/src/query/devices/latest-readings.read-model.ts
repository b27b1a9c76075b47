import type { ClientBase } from 'pg';
import { dimensionValueSql } from '#catalog';
import type { LatestReading } from './device-summary.js';

const name = (field: string) => dimensionValueSql(`(payload->>'${field}')`);

const LATEST = `
  SELECT DISTINCT ON (1, 2) ${name('device_name')} AS device_name, ${name('metric_name')} AS metric_name,
         (payload->>'value')::float8 AS value
  FROM unnest($2::float8[]) AS bucket, LATERAL (
    SELECT ts, id, payload FROM events_between(
      $1, to_timestamp(bucket / 1000), to_timestamp((bucket + $3::float8) / 1000))
    WHERE type = 'device_metric'
  ) AS e
  ORDER BY 1, 2, ts DESC, id DESC`;

/**
 * The latest reading of each device and metric within some buckets.
 * @param client in a transaction of the organization
 * @param buckets their starts, milliseconds since the epoch
 * @param lengthMs of a bucket
 */
export async function latestReadings(
  client: ClientBase,
  organizationId: string,
  buckets: readonly number[],
  lengthMs: number,
): Promise<LatestReading[]> {
  const { rows } = await client.query<LatestReading>(LATEST, [organizationId, buckets, lengthMs]);
  return rows;
}
