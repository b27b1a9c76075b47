import type { Pool } from 'pg';
import { boundedQuery } from './bounded-query.js';

/** Which days have a partition of `event_rows`, by PostgreSQL's clock, in UTC. */
export interface PartitionFigures {
  readonly today: boolean;
  readonly tomorrow: boolean;
  /** All partitions. */
  readonly partitions: number;
}

const FIGURES = `
  WITH days AS (
    SELECT right(c.relname, 8) AS day
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'event_rows'::regclass
  )
  SELECT count(*)::integer AS partitions,
         coalesce(bool_or(day = to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')), false) AS today,
         coalesce(bool_or(day = to_char((now() + interval '1 day') AT TIME ZONE 'UTC', 'YYYYMMDD')), false) AS tomorrow
  FROM days`;

export async function partitionFigures(pool: Pool): Promise<PartitionFigures> {
  return (await boundedQuery<PartitionFigures>(pool, FIGURES))[0]!;
}
