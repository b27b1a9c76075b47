import { Module } from '@nestjs/common';
import { ScheduleModule as NestScheduleModule } from '@nestjs/schedule';
import { PartitionsJob } from './partitions.job.js';

/** What workers do by the clock. */
@Module({ imports: [NestScheduleModule.forRoot()], providers: [PartitionsJob] })
export class ScheduleModule {}
