import { getQueueToken } from '@nestjs/bullmq';
import { Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ScheduleModule as ClockModule } from '@nestjs/schedule';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { type JobDefinition, type LoopDefinition, systemClock, type Token, withIntervals } from '#jobs';
import { QUEUES } from '#queue';
import { AlertsModule } from '../alerts/alerts.module.js';
import { CompactionModule } from '../compaction/compaction.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { HealthModule } from '../health/health.module.js';
import { ScheduledJobs } from '../health/reads/scheduled-jobs.js';
import * as list from '../jobs/jobs.js';
import { ReportMailsModule } from '../report-mails/report-mails.module.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { assertJobs } from './assert-jobs.js';
import { JobClock } from './job-clock.js';
import { JobRunner } from './job-runner.js';
import { JobsProcessor } from './jobs.processor.js';
import { RunningLoops } from './running-loops.js';
import { Scheduler } from './scheduler.js';

const isLoop = (work: JobDefinition | LoopDefinition): work is LoopDefinition => 'everyMs' in work;
const WORK: readonly (JobDefinition | LoopDefinition)[] = Object.values(list);
const LOOPS = WORK.filter(isLoop);
const JOBS = WORK.filter((work): work is JobDefinition => !isLoop(work));

const providerIn = (modules: ModuleRef) => (token: Token) => modules.get(token, { strict: false });

/** Runs the jobs and loops of `jobs/jobs.ts` with @nestjs/schedule, BullMQ and the table `job_runs`. */
@Module({
  imports: [
    ClockModule.forRoot(),
    AlertsModule,
    CompactionModule,
    ErasureModule,
    HealthModule,
    ReportMailsModule,
  ],
  providers: [
    JobClock,
    JobsProcessor,
    {
      provide: ScheduledJobs,
      inject: [ModuleRef],
      useFactory: (modules: ModuleRef) => new ScheduledJobs(withIntervals(JOBS, providerIn(modules))),
    },
    {
      provide: Scheduler,
      inject: [getQueueToken(QUEUES.jobs.name), Pool, ScheduledJobs],
      useFactory: (queue: Queue, pool: Pool, { list }: ScheduledJobs) =>
        new Scheduler(list, queue, pool, systemClock),
    },
    {
      provide: JobRunner,
      inject: [ModuleRef, Pool, Shutdown],
      useFactory: (modules: ModuleRef, pool: Pool, { signal }: Shutdown) =>
        new JobRunner(JOBS, pool, providerIn(modules), systemClock, signal),
    },
    {
      provide: RunningLoops,
      inject: [ModuleRef],
      useFactory: (modules: ModuleRef) => new RunningLoops(LOOPS, providerIn(modules)),
    },
  ],
})
export class ScheduleModule implements OnModuleInit {
  constructor(
    private readonly modules: ModuleRef,
    private readonly runner: JobRunner,
  ) {}

  /** @throws Error naming a job that cannot run */
  async onModuleInit(): Promise<void> {
    assertJobs(JOBS, LOOPS, providerIn(this.modules));
    await this.runner.runAtStart();
  }
}
