import { Injectable } from '@nestjs/common';
import { usersOfWeek, type WeekOfUser } from '#people';
import type { TimeRange } from '../../../http/input/time-range.js';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';

/** Reads the weekly report on voice sessions on behalf of a reader. */
@Injectable()
export class WeeklyReportReadModel {
  constructor(private readonly reads: TenantReads) {}

  /**
   * Users with sessions that started in a range, ordered by id.
   * @param after the last user of the page before; null: the first page
   */
  users(reader: Reader, range: TimeRange, limit: number, after: string | null): Promise<WeekOfUser[]> {
    return this.reads.run(reader, (client) =>
      usersOfWeek(client, reader.organizationId, range, limit, after),
    );
  }
}
