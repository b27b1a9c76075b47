import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { AggregatesController } from './aggregates/aggregates.controller.js';
import { AggregatesService } from './aggregates/aggregates.service.js';
import { CacheModule } from './cache/cache.module.js';
import { QueryController } from './composites/query.controller.js';
import { QueryService } from './composites/query.service.js';
import { ActivityService } from './development/activity.service.js';
import { DevelopmentController } from './development/development.controller.js';
import { DevelopmentListsController } from './development/development-lists.controller.js';
import { MetricQueryController } from './development/metric-query.controller.js';
import { DeviceSummaryController } from './devices/device-summary.controller.js';
import { ReadingsController } from './devices/readings.controller.js';
import { EventPages } from './events/event-pages.js';
import { EventsController } from './events/events.controller.js';
import { EventsReadModel } from './events/events.read-model.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerReadModel } from './ledger/ledger.read-model.js';
import { QueuedBatches } from './ledger/queued-batches.js';
import { TenantReadsModule } from './tenant-reads/tenant-reads.module.js';

@Module({
  imports: [EventTypesModule, TenantReadsModule, CacheModule],
  controllers: [
    AggregatesController,
    QueryController,
    DevelopmentController,
    DevelopmentListsController,
    ReadingsController,
    MetricQueryController,
    DeviceSummaryController,
    EventsController,
    LedgerController,
  ],
  providers: [
    AggregatesService,
    QueryService,
    ActivityService,
    EventPages,
    EventsReadModel,
    LedgerReadModel,
    QueuedBatches,
  ],
})
export class QueryModule {}
