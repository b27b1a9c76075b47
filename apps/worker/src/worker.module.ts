import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '#config';
import { ROLES } from '#database';
import { QueuesModule, queueConnection } from '#queue';
import { ExportsModule } from './exports/exports.module.js';
import { IngestModule } from './ingest/ingest.module.js';
import { OpsModule } from './ops/ops.module.js';
import { ReplicasModule } from './replicas/replicas.module.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { SharedModule } from './shared.module.js';

@Module({})
export class WorkerModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        SharedModule.with(environment),
        QueuesModule.with(queueConnection(environment, 'worker', ROLES.worker)),
        IngestModule,
        ExportsModule,
        OpsModule,
        ScheduleModule,
        ReplicasModule,
      ],
    };
  }
}
