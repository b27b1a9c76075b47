import { getQueueToken } from '@nestjs/bullmq';
import { Logger, Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { Environment } from '#config';
import { ensureEventPartitions, retryTransient } from '#database';
import { QUEUES } from '#queue';
import { WorkerMetrics } from '../metrics/worker-metrics.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { DeadLetterCapacity } from './dead-letter-capacity.js';
import { GroupCommit } from './group-commit.js';
import { IngestProcessor } from './ingest.processor.js';
import { Persister } from './persister.js';
import { BatchStore } from './rows/batch.store.js';
import { SeriesStore, USUAL_MAX_SERIES } from './series/series.store.js';
import { SeriesLimit } from './series/series-limit.js';

@Module({
  providers: [
    IngestProcessor,
    {
      provide: SeriesLimit,
      inject: [Pool],
      useFactory: (pool: Pool) => new SeriesLimit(new SeriesStore(pool, USUAL_MAX_SERIES)),
    },
    {
      provide: Persister,
      inject: [Pool, SeriesLimit, Environment],
      useFactory: (pool: Pool, limit: SeriesLimit, environment: Environment) =>
        new Persister(new BatchStore(pool), limit, () =>
          ensureEventPartitions(pool, environment.EVENT_RETENTION_DAYS, Date.now()),
        ),
    },
    {
      provide: GroupCommit,
      inject: [Persister, Shutdown, WorkerMetrics],
      useFactory: (persister: Persister, shutdown: Shutdown, metrics: WorkerMetrics) => {
        const logger = new Logger(GroupCommit.name);
        return new GroupCommit(async (batches) => {
          const start = performance.now();
          const counts = await retryTransient(
            () => persister.persist(batches),
            shutdown.signal,
            (error, waitMs) => logger.warn(`database: ${error.message}; trying again in ${waitMs} ms`),
          );
          metrics.committed(counts, (performance.now() - start) / 1000);
          metrics.arrived(batches, Date.now());
        });
      },
    },
    {
      provide: DeadLetterCapacity,
      inject: [getQueueToken(QUEUES.deadLetters.name), Environment],
      useFactory: (queue: Queue, environment: Environment) =>
        new DeadLetterCapacity(queue, environment.DEAD_LETTER_QUEUE_SIZE),
    },
  ],
  exports: [DeadLetterCapacity, SeriesLimit],
})
export class IngestModule {}
