import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { TenantReadsModule } from '../query/tenant-reads/tenant-reads.module.js';
import { DailyMetricsController } from './daily-metrics.controller.js';
import { MetricDefinitionsController } from './definitions/metric-definitions.controller.js';
import { MetricDefinitionsStore } from './definitions/metric-definitions.store.js';

/** Metrics of days that have ended, and those that organizations define. */
@Module({
  imports: [EventTypesModule, TenantReadsModule],
  controllers: [DailyMetricsController, MetricDefinitionsController],
  providers: [MetricDefinitionsStore],
})
export class DailyMetricsModule {}
