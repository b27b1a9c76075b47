import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { JobAdministration } from '#job-administration';
import { systemClock } from '#jobs';
import { JobsController } from './jobs.controller.js';

/** Scheduled jobs, for operators. */
@Module({
  controllers: [JobsController],
  providers: [
    {
      provide: JobAdministration,
      inject: [Pool],
      useFactory: (pool: Pool) => new JobAdministration(pool, systemClock),
    },
  ],
})
export class JobsModule {}
