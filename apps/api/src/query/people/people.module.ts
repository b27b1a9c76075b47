import { Module } from '@nestjs/common';
import { EventTypesModule } from '../../event-types/event-types.module.js';
import { TenantReadsModule } from '../tenant-reads/tenant-reads.module.js';
import { ActiveUsersController } from './active-users/active-users.controller.js';
import { ActiveUsersReadModel } from './active-users/active-users.read-model.js';
import { DailyReportController } from './active-users/daily-report.controller.js';
import { FunnelController } from './funnel/funnel.controller.js';
import { FunnelReadModel } from './funnel/funnel.read-model.js';
import { FunnelService } from './funnel/funnel.service.js';
import { RetentionController } from './retention/retention.controller.js';
import { RetentionReadModel } from './retention/retention.read-model.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsReadModel } from './sessions/sessions.read-model.js';
import { UserSummaryController } from './user-summary/user-summary.controller.js';
import { UserSummaryReadModel } from './user-summary/user-summary.read-model.js';
import { VoiceReportsController } from './voice/voice-reports.controller.js';
import { WeeklyReportReadModel } from './voice/weekly-report.read-model.js';

/** What users and their sessions did. */
@Module({
  imports: [EventTypesModule, TenantReadsModule],
  controllers: [
    ActiveUsersController,
    DailyReportController,
    UserSummaryController,
    SessionsController,
    RetentionController,
    FunnelController,
    VoiceReportsController,
  ],
  providers: [
    ActiveUsersReadModel,
    UserSummaryReadModel,
    SessionsReadModel,
    RetentionReadModel,
    FunnelService,
    FunnelReadModel,
    WeeklyReportReadModel,
  ],
})
export class PeopleModule {}
