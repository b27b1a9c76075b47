import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { AggregatesController } from './aggregates/aggregates.controller.js';
import { AggregatesService } from './aggregates/aggregates.service.js';
import { EventsController } from './events/events.controller.js';
import { EventsReadModel } from './events/events.read-model.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerReadModel } from './ledger/ledger.read-model.js';
import { QueuedBatches } from './ledger/queued-batches.js';
import { TenantReads } from './tenant-reads/tenant-reads.js';

@Module({
  imports: [EventTypesModule],
  controllers: [AggregatesController, EventsController, LedgerController],
  providers: [TenantReads, AggregatesService, EventsReadModel, LedgerReadModel, QueuedBatches],
})
export class QueryModule {}
