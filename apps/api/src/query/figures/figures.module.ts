import { Module } from '@nestjs/common';
import { TenantReadsModule } from '../tenant-reads/tenant-reads.module.js';
import { FiguresController } from './figures.controller.js';
import { PerformanceReadModel } from './performance.read-model.js';
import { StatsReadModel } from './stats.read-model.js';

@Module({
  imports: [TenantReadsModule],
  controllers: [FiguresController],
  providers: [PerformanceReadModel, StatsReadModel],
})
export class FiguresModule {}
