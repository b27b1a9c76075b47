import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ReplicaReports } from '#replicas';
import { MetricsModule } from '../metrics/metrics.module.js';
import { CacheModule } from '../query/cache/cache.module.js';
import { ApiFigures } from './api-figures.js';

/** Reports what this replica measures, for `GET /api/metrics/performance` of all of them. */
@Module({
  imports: [MetricsModule, CacheModule],
  providers: [
    ApiFigures,
    {
      provide: ReplicaReports,
      inject: [Pool, ApiFigures],
      useFactory: (pool: Pool, figures: ApiFigures) =>
        new ReplicaReports(pool, 'api', () => figures.measure()),
    },
  ],
})
export class ReplicasModule {}
