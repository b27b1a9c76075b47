import { Injectable } from '@nestjs/common';
import { type Replica, recentReplicas } from '#replicas';
import type { Reader } from '../tenant-reads/reader.js';
import { TenantReads } from '../tenant-reads/tenant-reads.js';

/** The upper bound leaves out batches of an API whose clock is ahead. */
const RECEIVED = `
  SELECT coalesce(sum(received), 0)::float8 AS received FROM ledger
  WHERE organization_id = $1 AND received_at >= now() - interval '1 minute' AND received_at < now()`;

/** SQL of the figures of the last minute. */
@Injectable()
export class PerformanceReadModel {
  constructor(private readonly reads: TenantReads) {}

  /** Events of the organization that were received in the last minute and are settled, and the running processes. */
  lastMinute(reader: Reader): Promise<{ readonly received: number; readonly replicas: readonly Replica[] }> {
    return this.reads.run(reader, async (client) => {
      const { rows } = await client.query<{ received: number }>(RECEIVED, [reader.organizationId]);
      return { received: rows[0]!.received, replicas: await recentReplicas(client) };
    });
  }
}
