import { Module } from '@nestjs/common';
import { TenantReadsModule } from '../query/tenant-reads/tenant-reads.module.js';
import { formatControllers } from './report-files.controller.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';

/** Weekly and monthly reports. */
@Module({
  imports: [TenantReadsModule],
  controllers: [ReportsController, ...formatControllers],
  providers: [ReportsService],
})
export class ReportsModule {}
