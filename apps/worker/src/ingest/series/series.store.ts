import type { Pool } from 'pg';

/**
 * Series of a type that are counted separately per day, unless the organization has its own limit. The first
 * event of a series costs a dozen rollup rows, and a query reads all series of its range.
 */
export const USUAL_MAX_SERIES = 10_000;

/** A series that an organization has on a day. */
export interface DaySeries {
  readonly organizationId: string;
  readonly type: string;
  /** Days since the epoch, UTC. */
  readonly day: number;
  /** Dimensions as JSON. */
  readonly dimensions: string;
}

const ADMIT = `
  SELECT n FROM admit_series($1::uuid[], $2::text[],
    ARRAY(SELECT date '1970-01-01' + day FROM unnest($3::int[]) WITH ORDINALITY AS d(day, n) ORDER BY n),
    $4::jsonb[], $5) AS n`;

/** SQL of the limit on series. */
export class SeriesStore {
  /** @param usualMax series per type and day, for organizations without their own limit */
  constructor(
    private readonly pool: Pool,
    private readonly usualMax: number,
  ) {}

  /**
   * Admits series to be counted separately, up to the limit. An admitted series stays admitted.
   * @param series distinct
   * @returns the positions of those that were refused
   */
  async admit(series: readonly DaySeries[]): Promise<number[]> {
    const { rows } = await this.pool.query<{ n: number }>({
      name: 'admit-series',
      text: ADMIT,
      values: [
        series.map(({ organizationId }) => organizationId),
        series.map(({ type }) => type),
        series.map(({ day }) => day),
        series.map(({ dimensions }) => dimensions),
        this.usualMax,
      ],
    });
    return rows.map(({ n }) => n - 1);
  }
}
