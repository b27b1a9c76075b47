import { Injectable } from '@nestjs/common';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';
import { activityIn } from '../activity/activity.read-model.js';
import type { Periods } from '../activity/periods.js';

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
  constructor(private readonly reads: TenantReads) {}

  /**
   * @param periods weeks
   * @param cohorts number of weeks, from the first, whose new users are followed
   * @param weeks most weeks later
   */
  async returns(reader: Reader, periods: Periods, cohorts: number, weeks: number): Promise<Return[]> {
    const { text, values } = activityIn(reader.organizationId, periods);
    const parameter = (n: number) => `$${values.length + n}::int`;
    const { rows } = await this.reads.run(reader, (client) =>
      client.query<Return>(
        `WITH ${text}
         SELECT n.index AS cohort, a.index - n.index AS week, count(*)::float8 AS users
         FROM new_users n JOIN activity a ON a.user_id = n.user_id
         WHERE n.index < ${parameter(1)} AND a.index - n.index <= ${parameter(2)}
         GROUP BY 1, 2`,
        [...values, cohorts, weeks],
      ),
    );
    return rows;
  }
}
