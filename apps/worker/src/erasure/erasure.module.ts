import { getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { QUEUES } from '#queue';
import { IngestModule } from '../ingest/ingest.module.js';
import { SeriesLimit } from '../ingest/series/series-limit.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { Eraser } from './eraser.js';
import { ErasureLoop } from './erasure.loop.js';
import { FailedJobs } from './failed-jobs.js';

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
      provide: ErasureLoop,
      inject: [Pool, INGEST, Eraser, Shutdown],
      useFactory: (pool: Pool, ingest: Queue, eraser: Eraser, shutdown: Shutdown) =>
        new ErasureLoop(pool, ingest, eraser, shutdown),
    },
  ],
})
export class EraseModule {}
