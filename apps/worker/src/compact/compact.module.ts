import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Environment } from '#config';
import { Compactor, WINDOW_SECONDS } from '#rollups';
import { CompactionLoop } from './compaction.loop.js';

@Module({
  providers: [
    CompactionLoop,
    {
      provide: Compactor,
      inject: [Pool, Environment],
      useFactory: (pool: Pool, environment: Environment) =>
        new Compactor(
          pool,
          environment.AGGREGATION_WINDOWS.map((name) => WINDOW_SECONDS[name]),
        ),
    },
  ],
})
export class CompactModule {}
