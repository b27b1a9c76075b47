import { Module } from '@nestjs/common';
import { TenantReads } from './tenant-reads.js';

/** Shared by every module that reads, so that one limit holds for all of an organization's queries. */
@Module({ providers: [TenantReads], exports: [TenantReads] })
export class TenantReadsModule {}
