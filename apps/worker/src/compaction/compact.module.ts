import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Compactor } from '#rollups';
import { CompactionLoop } from './compaction.loop.js';

@Module({
  providers: [
    CompactionLoop,
    { provide: Compactor, inject: [Pool], useFactory: (pool: Pool) => new Compactor(pool) },
  ],
})
export class CompactModule {}
