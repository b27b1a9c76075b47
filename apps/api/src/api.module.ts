import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Environment } from '#config';
import { ROLES } from '#database';
import { QueuesModule, queueConnection } from '#queue';
import { AlertsModule } from './alerts/alerts.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditLogModule } from './audit-log/audit-log.module.js';
import { AccessGuard } from './auth/access.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { DailyMetricsModule } from './daily-metrics/daily-metrics.module.js';
import { DatabaseModule } from './database.module.js';
import { EventTypesModule } from './event-types/event-types.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RefusalCounter } from './http/refusal-counter.js';
import { IngestModule } from './ingest/ingest.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LimitModule } from './limit/limit.module.js';
import { RateLimitGuard } from './limit/rate-limit.guard.js';
import { OpsModule } from './ops/ops.module.js';
import { OrganizationsModule } from './organizations/organizations.module.js';
import { PerformanceReportsModule } from './performance-reports/performance-reports.module.js';
import { FiguresModule } from './query/figures/figures.module.js';
import { PeopleModule } from './query/people/people.module.js';
import { QueryModule } from './query/query.module.js';
import { ReplicasModule } from './replicas/replicas.module.js';
import { ReportRecipientsModule } from './report-recipients/report-recipients.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { UsersModule } from './users/users.module.js';

@Module({})
export class ApiModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        DatabaseModule.with(environment),
        QueuesModule.with(queueConnection(environment, 'producer', ROLES.api)),
        AuthModule,
        LimitModule,
        EventTypesModule,
        IngestModule,
        QueryModule,
        PeopleModule,
        FiguresModule,
        ExportsModule,
        ReportsModule,
        ReportRecipientsModule,
        DailyMetricsModule,
        AlertsModule,
        OrganizationsModule,
        ApiKeysModule,
        UsersModule,
        AuditLogModule,
        JobsModule,
        OpsModule,
        PerformanceReportsModule,
        ReplicasModule,
      ],
      providers: [
        // Guards run in this order.
        { provide: APP_GUARD, useExisting: RateLimitGuard },
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: RefusalCounter, useExisting: RateLimitGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
