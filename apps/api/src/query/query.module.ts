import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { IngestModule } from '../ingest/ingest.module.js';
import { OpsModule } from '../ops/ops.module.js';
import { AggregatesController } from './aggregates.controller.js';
import { AggregatesService } from './aggregates.service.js';
import { EventsController } from './events.controller.js';
import { EventsReadModel } from './events.read-model.js';
import { LedgerController } from './ledger.controller.js';
import { LedgerReadModel } from './ledger.read-model.js';
import { QueuedBatches } from './queued-batches.js';
import { TenantReads } from './tenant-reads.js';

@Module({
  imports: [EventTypesModule, IngestModule, OpsModule],
  controllers: [AggregatesController, EventsController, LedgerController],
  providers: [TenantReads, AggregatesService, EventsReadModel, LedgerReadModel, QueuedBatches],
})
export class QueryModule {}
