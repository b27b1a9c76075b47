import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ReplicaReports } from '#replicas';
import { WorkerFigures } from './worker-figures.js';

/** Reports what this worker measures, for `GET /api/metrics/performance` of the API. */
@Module({
  providers: [
    WorkerFigures,
    {
      provide: ReplicaReports,
      inject: [Pool, WorkerFigures],
      useFactory: (pool: Pool, figures: WorkerFigures) =>
        new ReplicaReports(pool, 'worker', () => figures.measure()),
    },
  ],
})
export class ReplicasModule {}
