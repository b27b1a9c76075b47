import { Injectable } from '@nestjs/common';
import type { TimeRange } from '../../http/input/time-range.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';

/** Counts of one minute. */
export interface LedgerMinute {
  readonly minute: Date;
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly dead_lettered: number;
}

/** SQL of the ledger. */
@Injectable()
export class LedgerReadModel {
  constructor(private readonly reads: TenantReads) {}

  /**
   * @param unsettled batches seen in the queue just before
   * @returns the minutes, oldest first, and which of the batches have been settled after all
   */
  async minutes(
    organizationId: string,
    { from, to }: TimeRange,
    unsettled: readonly string[],
  ): Promise<{ minutes: LedgerMinute[]; settled: string[] }> {
    return this.reads.run(organizationId, async (client) => {
      const minutes = await client.query<LedgerMinute>(
        `SELECT date_trunc('minute', received_at) AS minute, sum(received)::float8 AS received,
                sum(stored)::float8 AS stored, sum(duplicate)::float8 AS duplicate,
                sum(dead_lettered)::float8 AS dead_lettered
         FROM ledger
         WHERE received_at >= to_timestamp($1::float8 / 1000) AND received_at < to_timestamp($2::float8 / 1000)
         GROUP BY minute ORDER BY minute`,
        [from, to],
      );
      const settled = await client.query<{ batch_id: string }>(
        `SELECT batch_id FROM ledger
         WHERE batch_id = ANY($3::uuid[])
           AND received_at >= to_timestamp($1::float8 / 1000) AND received_at < to_timestamp($2::float8 / 1000)`,
        [from, to, unsettled],
      );
      return { minutes: minutes.rows, settled: settled.rows.map((row) => row.batch_id) };
    });
  }
}
