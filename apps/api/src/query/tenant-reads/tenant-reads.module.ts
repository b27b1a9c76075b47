import { Module } from '@nestjs/common';
import { PendingDeltas } from '#rollups';
import { TenantReads } from './tenant-reads.js';

/** Shared by every module that reads, so that one limit holds for all of an organization's queries. */
@Module({ providers: [TenantReads, PendingDeltas], exports: [TenantReads, PendingDeltas] })
export class TenantReadsModule {}
