import { Injectable } from '@nestjs/common';
import { activityIn, type Periods } from '#people';
import { PendingDeltas } from '#rollups';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';

/** Users of a cohort who were active some weeks later. */
export interface Return {
  /** Index of the week in which they were new. */
  readonly cohort: number;
  /** Weeks later; 0: the cohort itself. */
  readonly week: number;
  readonly users: number;
}

/** SQL of retention. */
@Injectable()
export class RetentionReadModel {
  constructor(
    private readonly reads: TenantReads,
    private readonly pending: PendingDeltas,
  ) {}

  /**
   * @param periods weeks
   * @param cohorts number of weeks, from the first, whose new users are followed
   * @param weeks most weeks later
   */
  async returns(reader: Reader, periods: Periods, cohorts: number, weeks: number): Promise<Return[]> {
    const { organizationId } = reader;
    return this.reads.run(reader, async (client) => {
      const pending = await this.pending.userDays(client, organizationId);
      const { text, values } = activityIn(organizationId, periods, pending);
      const parameter = (n: number) => `$${values.length + n}::int`;
      const { rows } = await client.query<Return>(
        `WITH ${text}
         SELECT first AS cohort, i - first AS week, count(*)::float8 AS users
         FROM activity, generate_series(first, least(first + ${parameter(2)}, ${parameter(3)})) AS i
         WHERE is_new AND first < ${parameter(1)} AND get_bit(periods, i + 1) = 1
         GROUP BY 1, 2`,
        [...values, cohorts, weeks, periods.dates.length - 1],
      );
      return rows;
    });
  }
}
