import { Module } from '@nestjs/common';
import { TenantReadsModule } from '../query/tenant-reads/tenant-reads.module.js';
import { AnalyticsExportsController } from './analytics-exports.controller.js';
import { DevelopmentExportsController } from './development-exports.controller.js';
import { formatControllers } from './event-exports.controller.js';
import { EventExports } from './event-exports.js';
import { ExportJobsController } from './export-jobs.controller.js';
import { ExportJobs } from './export-jobs.service.js';
import { ExportsService } from './exports.service.js';

@Module({
  imports: [TenantReadsModule],
  controllers: [
    ...formatControllers,
    DevelopmentExportsController,
    AnalyticsExportsController,
    ExportJobsController,
  ],
  providers: [EventExports, ExportsService, ExportJobs],
})
export class ExportsModule {}
