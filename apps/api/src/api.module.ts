import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Environment } from '#config';
import { ROLES } from '#database';
import { queueConnection } from '#queue';
import { AccessGuard } from './auth/access.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { DatabaseModule } from './database.module.js';
import { EventTypesModule } from './event-types/event-types.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { IngestModule } from './ingest/ingest.module.js';
import { LimitModule } from './limit/limit.module.js';
import { RateLimitGuard } from './limit/rate-limit.guard.js';
import { OpsModule } from './ops/ops.module.js';
import { AdminModule } from './organizations/organizations.module.js';
import { QueryModule } from './query/query.module.js';

@Module({})
export class ApiModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        DatabaseModule.with(environment),
        BullModule.forRoot({ connection: queueConnection(environment, 'producer', ROLES.api) }),
        AuthModule,
        LimitModule,
        EventTypesModule,
        IngestModule,
        QueryModule,
        AdminModule,
        OpsModule,
      ],
      providers: [
        // In this order.
        { provide: APP_GUARD, useExisting: RateLimitGuard },
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
