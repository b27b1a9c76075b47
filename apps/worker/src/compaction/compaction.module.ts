import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Compactor } from '#rollups';
import { DeltaSchedule } from './delta-schedule.js';

@Module({
  providers: [
    DeltaSchedule,
    { provide: Compactor, inject: [Pool], useFactory: (pool: Pool) => new Compactor(pool) },
  ],
})
export class CompactionModule {}
