import { getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { Environment } from '#config';
import { systemClock, type Token } from '#jobs';
import { QUEUES } from '#queue';
import { Canary } from './canary/canary.js';
import * as list from './checks/checks.js';
import { HealthChecker } from './health-checker.js';
import { HealthQueues } from './reads/health-queues.js';

/** What the job `health` needs: the checks, and what they look at. */
@Module({
  providers: [
    {
      provide: HealthQueues,
      inject: Object.values(QUEUES).map(({ name }) => getQueueToken(name)),
      useFactory: (...queues: Queue[]) =>
        new HealthQueues(new Map(queues.map((queue) => [queue.name, queue]))),
    },
    {
      provide: Canary,
      inject: [Pool, HealthQueues],
      useFactory: (pool: Pool, queues: HealthQueues) => new Canary(pool, queues.get('ingest'), systemClock),
    },
    {
      provide: HealthChecker,
      inject: [Pool, ModuleRef, Environment],
      useFactory: (pool: Pool, modules: ModuleRef, { HEALTH_CHECK_INTERVAL }: Environment) =>
        new HealthChecker(
          Object.values(list),
          pool,
          (token: Token) => modules.get(token, { strict: false }),
          HEALTH_CHECK_INTERVAL,
        ),
    },
  ],
  exports: [HealthChecker],
})
export class HealthModule {}
