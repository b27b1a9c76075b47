import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '#config';
import { ROLES } from '#database';
import { queueConnection } from '#queue';
import { CompactModule } from './compaction/compact.module.js';
import { EraseModule } from './erasure/erasure.module.js';
import { PersistModule } from './ingest/ingest.module.js';
import { OpsModule } from './ops/ops.module.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { SharedModule } from './shared.module.js';

@Module({})
export class WorkerModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        SharedModule.with(environment),
        BullModule.forRoot({ connection: queueConnection(environment, 'worker', ROLES.worker) }),
        PersistModule,
        CompactModule,
        EraseModule,
        OpsModule,
        ScheduleModule,
      ],
    };
  }
}
