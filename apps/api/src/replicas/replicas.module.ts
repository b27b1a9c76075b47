import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ReplicaReports } from '#replicas';
import { MetricsModule } from '../metrics/metrics.module.js';
import { CacheModule } from '../query/cache/cache.module.js';
import { ApiFigures } from './api-figures.js';
import { QueryHours } from './hours/query-hours.js';
import { QueryHoursStore } from './hours/query-hours.store.js';

/** Reports what this replica measures: now, for `GET /api/metrics/performance`, and by hour, for performance reports. */
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
    {
      provide: QueryHours,
      inject: [Pool, ApiFigures],
      useFactory: (pool: Pool, figures: ApiFigures) =>
        new QueryHours(new QueryHoursStore(pool), () => figures.sums()),
    },
  ],
})
export class ReplicasModule {}
