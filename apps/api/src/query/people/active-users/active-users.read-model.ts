import { Injectable } from '@nestjs/common';
import { activeUsers, type Periods, type PeriodUsers } from '#people';
import { PendingDeltas } from '#rollups';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';

/** Counts active users on behalf of a reader. */
@Injectable()
export class ActiveUsersReadModel {
  constructor(
    private readonly reads: TenantReads,
    private readonly pending: PendingDeltas,
  ) {}

  /** @returns the periods with users, in any order */
  count(reader: Reader, periods: Periods): Promise<PeriodUsers[]> {
    return this.reads.run(reader, (client) =>
      activeUsers(client, reader.organizationId, this.pending, periods),
    );
  }
}
