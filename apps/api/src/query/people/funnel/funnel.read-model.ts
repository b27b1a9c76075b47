import { Injectable } from '@nestjs/common';
import type { Reader } from '../../tenant-reads/reader.js';
import { TenantReads } from '../../tenant-reads/tenant-reads.js';
import { funnelStatement, type ReachedRow } from './funnel-statement.read-model.js';
import type { FunnelQuestion } from './read-funnel.js';

/** Half a million events are sorted in memory. */
const MEMORY = `SET LOCAL work_mem = '48MB'`;

/** SQL of funnels. */
@Injectable()
export class FunnelReadModel {
  constructor(private readonly reads: TenantReads) {}

  async reached(reader: Reader, question: FunnelQuestion): Promise<ReachedRow[]> {
    const { text, values } = funnelStatement(reader.organizationId, question);
    const { rows } = await this.reads.run(reader, (client) => client.query<ReachedRow>(text, values), [
      MEMORY,
    ]);
    return rows;
  }
}
