import { Injectable } from '@nestjs/common';
import { type ReplicaFigures, SlidingMinute } from '#replicas';
import { WorkerMetrics } from '../metrics/worker-metrics.js';

/** What this worker measures of itself. */
@Injectable()
export class WorkerFigures {
  private readonly minute = new SlidingMinute({ events: 0, event_ms: 0 }, performance.now());

  constructor(private readonly metrics: WorkerMetrics) {}

  measure(): ReplicaFigures {
    const { events, ms } = this.metrics.latency;
    return {
      memory_bytes: process.memoryUsage.rss(),
      ...this.minute.growth({ events, event_ms: ms }, performance.now()),
    };
  }
}
