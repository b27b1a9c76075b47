import { Module } from '@nestjs/common';
import { TenantReadsModule } from '../query/tenant-reads/tenant-reads.module.js';
import { formatControllers } from './event-exports.controller.js';
import { EventExports } from './event-exports.js';
import { ExportsService } from './exports.service.js';

@Module({
  imports: [TenantReadsModule],
  controllers: formatControllers,
  providers: [EventExports, ExportsService],
})
export class ExportsModule {}
