import { Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { EventMetrics } from './event-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { RequestMetrics } from './request-metrics.js';

/** The API's metrics for Prometheus; other modules register their own metrics with the `Registry`. */
@Module({
  controllers: [MetricsController],
  providers: [
    {
      provide: Registry,
      useFactory: () => {
        const registry = new Registry();
        collectDefaultMetrics({ register: registry });
        return registry;
      },
    },
    RequestMetrics,
    EventMetrics,
  ],
  exports: [Registry, RequestMetrics, EventMetrics],
})
export class MetricsModule {}
