import { Module } from '@nestjs/common';
import { PerformanceReportsController } from './performance-reports.controller.js';

/** Reports on speed and size, for operators. */
@Module({ controllers: [PerformanceReportsController] })
export class PerformanceReportsModule {}
