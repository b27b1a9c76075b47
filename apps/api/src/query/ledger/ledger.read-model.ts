import { Injectable } from '@nestjs/common';
import type { TimeRange } from '../../http/input/time-range.js';
import type { Reader } from '../tenant-reads/reader.js';
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
   * @param queued ids of batches just read from the queues
   * @returns the minutes, oldest first, and those of the queued batches that have been stored since
   */
  async minutes(
    reader: Reader,
    { from, to }: TimeRange,
    queued: readonly string[],
  ): Promise<{ minutes: LedgerMinute[]; settled: string[] }> {
    return this.reads.run(reader, async (client) => {
      const minutes = await client.query<LedgerMinute>(
        // date_bin: 0.05–0.1 µs a batch less than date_trunc, which looks up the time zone.
        `SELECT date_bin('1 minute', received_at, to_timestamp(0)) AS minute, sum(received)::float8 AS received,
                sum(stored)::float8 AS stored, sum(duplicate)::float8 AS duplicate,
                sum(dead_lettered)::float8 AS dead_lettered
         FROM ledger
         WHERE organization_id = $1
           AND received_at >= to_timestamp($2::float8 / 1000) AND received_at < to_timestamp($3::float8 / 1000)
         GROUP BY minute ORDER BY minute`,
        [reader.organizationId, from, to],
      );
      const settled = await client.query<{ batch_id: string }>(
        `SELECT batch_id FROM ledger
         WHERE organization_id = $1 AND batch_id = ANY($4::uuid[])
           AND received_at >= to_timestamp($2::float8 / 1000) AND received_at < to_timestamp($3::float8 / 1000)`,
        [reader.organizationId, from, to, queued],
      );
      return { minutes: minutes.rows, settled: settled.rows.map((row) => row.batch_id) };
    });
  }
}
