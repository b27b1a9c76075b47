import type { Pool } from 'pg';

/**
 * Series of a type that are counted apart in a day, unless an organization's settings say otherwise. An event that
 * begins a series costs a dozen rows of rollups, and a query reads all series of its time.
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
  /** @param usualMax series of a type and day that an organization without a setting of its own may have */
  constructor(
    private readonly pool: Pool,
    private readonly usualMax: number,
  ) {}

  /**
   * Has series counted apart, as far as there is room for them; what was admitted once stays so.
   * @param series all different
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
