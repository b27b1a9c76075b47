import { Module } from '@nestjs/common';
import { PendingDeltas, RollupReads } from '#rollups';
import { TenantReads } from './tenant-reads.js';

/** Shared by every module that reads, so that one limit holds for all of an organization's queries. */
@Module({
  providers: [
    TenantReads,
    PendingDeltas,
    {
      provide: RollupReads,
      inject: [PendingDeltas],
      useFactory: (pending: PendingDeltas) => new RollupReads(pending),
    },
  ],
  exports: [TenantReads, PendingDeltas, RollupReads],
})
export class TenantReadsModule {}
