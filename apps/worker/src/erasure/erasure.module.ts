import { getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { QUEUES } from '#queue';
import { IngestModule } from '../ingest/ingest.module.js';
import { SeriesLimit } from '../ingest/series/series-limit.js';
import { Eraser } from './eraser.js';
import { FailedJobs } from './failed-jobs.js';
import { PendingErasures } from './pending-erasures.js';

const INGEST = getQueueToken(QUEUES.ingest.name);
const DEAD_LETTERS = getQueueToken(QUEUES.deadLetters.name);

@Module({
  imports: [IngestModule],
  providers: [
    {
      provide: Eraser,
      inject: [Pool, SeriesLimit, INGEST, DEAD_LETTERS],
      useFactory: (pool: Pool, limit: SeriesLimit, ingest: Queue, deadLetters: Queue) =>
        new Eraser(pool, limit, [
          new FailedJobs(ingest, QUEUES.ingest.codec, 'failed'),
          new FailedJobs(deadLetters, QUEUES.deadLetters.codec, 'all'),
        ]),
    },
    {
      provide: PendingErasures,
      inject: [Pool, INGEST, Eraser],
      useFactory: (pool: Pool, ingest: Queue, eraser: Eraser) => new PendingErasures(pool, ingest, eraser),
    },
  ],
})
export class ErasureModule {}
