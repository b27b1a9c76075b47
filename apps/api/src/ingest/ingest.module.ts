import { getQueueToken } from '@nestjs/bullmq';
import {
  type BeforeApplicationShutdown,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { Registry } from 'prom-client';
import { Environment } from '#config';
import { inTenant } from '#database';
import { PRODUCER_TIMEOUT_MS, QUEUES } from '#queue';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { addJob } from './enqueue/add-job.js';
import { EventBuffer } from './enqueue/event-buffer.js';
import { QueueWatch } from './enqueue/queue-watch.js';
import { ingestControllers } from './ingest.controller.js';
import { IngestService } from './ingest.service.js';
import { RejectionCounts } from './rejections/rejection-counts.js';
import { RejectionsStore } from './rejections/rejections.store.js';

@Module({
  imports: [EventTypesModule, MetricsModule],
  controllers: ingestControllers,
  providers: [
    IngestService,
    {
      provide: EventBuffer,
      inject: [getQueueToken(QUEUES.ingest.name)],
      useFactory: (queue: Queue) =>
        new EventBuffer((jobId, job, timeoutMs) => addJob(queue, jobId, job, timeoutMs), PRODUCER_TIMEOUT_MS),
    },
    {
      provide: QueueWatch,
      inject: [getQueueToken(QUEUES.ingest.name), Environment, Registry],
      useFactory: (queue: Queue, environment: Environment, registry: Registry) =>
        new QueueWatch(queue, environment.QUEUE_HIGH_WATER_MARK, registry),
    },
    {
      provide: RejectionCounts,
      inject: [Pool],
      useFactory: (pool: Pool) =>
        new RejectionCounts((organizationId, counted) =>
          inTenant(pool, organizationId, (client) =>
            new RejectionsStore(client, organizationId).add(counted),
          ),
        ),
    },
  ],
  exports: [QueueWatch],
})
export class IngestModule
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    @Inject(EventBuffer) private readonly batches: EventBuffer,
    @Inject(QueueWatch) private readonly watch: QueueWatch,
    @Inject(RejectionCounts) private readonly rejections: RejectionCounts,
  ) {}

  onApplicationBootstrap(): void {
    this.watch.start();
    this.rejections.start();
  }

  /** Before the pool is closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.rejections.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    this.watch.close();
    await this.batches.drain();
  }
}
