import pg from 'pg';
import type { EventType } from '#catalog';
import type { SeriesDelta } from '#rollups';
import type { TimeRange } from './kept-days.js';
import { dimensionsSql, numberSql } from './payload.store.js';
import type { Snapshot } from './snapshot.store.js';

/** The quantiles that are compared. */
export const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/** One row of `rollups` as it should be, beside the one that stands; the figures of either may be absent. */
export interface RollupPair {
  readonly organization_id: string;
  readonly measure: string;
  readonly window_seconds: number;
  /** Seconds since the epoch. */
  readonly bucket: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly expected_count: number | null;
  readonly expected_sum: number | null;
  /** Sum of absolute values. */
  readonly magnitude: number | null;
  readonly expected_min: number | null;
  readonly expected_max: number | null;
  /** For each of QUANTILES. */
  readonly quantiles: readonly number[] | null;
  readonly count: number | null;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly sketch: Buffer | null;
}

/**
 * Recomputes rollups from the payloads of raw events, with PostgreSQL's own aggregates. Dimensions and
 * measures are extracted once for each event, hence MATERIALIZED. Series and measures are numbered, as the
 * aggregates sort every event once for each window and measure: by numbers three times as fast as by jsonb.
 */
function pairs({ dimensions, measures }: EventType): string {
  const columns = measures.map((measure, m) => `${numberSql(measure)} AS m${m}`);
  const values = measures.map((_, m) => `(${m}, f.m${m})`);
  const names = measures.map((measure) => pg.escapeLiteral(measure));
  return `
    WITH facts AS MATERIALIZED (
      SELECT ${['organization_id', 'ts', `${dimensionsSql(dimensions)} AS dimensions`, ...columns].join(', ')}
      FROM events WHERE type = $1 AND ts >= $2 AND ts < $3
    ), series AS MATERIALIZED (
      SELECT organization_id, dimensions, row_number() OVER () AS n
      FROM (SELECT DISTINCT organization_id, dimensions FROM facts) AS s
    ), figures AS (
      SELECT s.n, v.m, w.seconds, date_bin(make_interval(secs => w.seconds), f.ts, to_timestamp(0)) AS bucket,
             count(*) AS count, sum(v.value) AS sum, sum(abs(v.value)) AS magnitude,
             min(v.value) AS min, max(v.value) AS max,
             percentile_disc(ARRAY[${QUANTILES}]::float8[]) WITHIN GROUP (ORDER BY v.value) AS quantiles
      FROM facts f JOIN series s USING (organization_id, dimensions), unnest($4::int[]) AS w(seconds),
        LATERAL (VALUES ${['(-1, NULL::float8)', ...values].join(', ')}) AS v(m, value)
      WHERE v.m = -1 OR v.value IS NOT NULL
      GROUP BY s.n, v.m, w.seconds, 4
    ), expected AS (
      SELECT s.organization_id, coalesce((ARRAY[${names}]::text[])[g.m + 1], '') AS measure,
             g.seconds AS window_seconds, s.dimensions, g.*
      FROM figures g JOIN series s USING (n)
    ), found AS (
      SELECT * FROM rollups
      WHERE type = $1 AND bucket >= $2 AND bucket < $3 AND window_seconds = ANY($4)
    )
    SELECT organization_id, measure, window_seconds, extract(epoch FROM bucket)::float8 AS bucket, dimensions,
           e.count::float8 AS expected_count, e.sum AS expected_sum, e.magnitude, e.min AS expected_min,
           e.max AS expected_max, e.quantiles, f.count::float8 AS count, f.sum, f.min, f.max, f.sketch
    FROM expected e FULL JOIN found f USING (organization_id, measure, window_seconds, bucket, dimensions)`;
}

/** SQL about rollups: what should stand, what stands, and the deltas on their way into it. */
export class RollupStore {
  constructor(private readonly snapshot: Snapshot) {}

  /** How many events there are, by type and day (`YYYY-MM-DD`). */
  async eventsByDay(): Promise<Map<string, Map<string, number>>> {
    const types = new Map<string, Map<string, number>>();
    const rows = this.snapshot.stream<{ type: string; day: string; events: number }>(`
      SELECT type, date_trunc('day', ts, 'UTC')::date::text AS day, count(*)::float8 AS events
      FROM events GROUP BY type, date_trunc('day', ts, 'UTC')`);
    for await (const { type, day, events } of rows) {
      const days = types.get(type) ?? new Map<string, number>();
      types.set(type, days.set(day, events));
    }
    return types;
  }

  /** Types that anything is counted of. */
  async countedTypes(): Promise<Set<string>> {
    const types = new Set<string>();
    const rows = this.snapshot.stream<{ type: string }>(
      'SELECT DISTINCT type FROM rollups UNION SELECT DISTINCT type FROM rollup_deltas',
    );
    for await (const { type } of rows) types.add(type);
    return types;
  }

  pairs(type: EventType, { from, to }: TimeRange, windows: readonly number[]): AsyncGenerator<RollupPair> {
    return this.snapshot.stream(pairs(type), [type.name, new Date(from), new Date(to), windows]);
  }

  /** Deltas of one type, those of an organization next to each other. */
  deltas(type: string): AsyncGenerator<{ organization_id: string; series: SeriesDelta[] }> {
    return this.snapshot.stream(
      'SELECT organization_id, series FROM rollup_deltas WHERE type = $1 ORDER BY organization_id',
      [type],
    );
  }
}
