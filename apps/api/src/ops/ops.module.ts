import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { BoardActs } from './board-acts.js';
import { HealthController } from './health.controller.js';

@Module({
  imports: [IngestModule],
  controllers: [HealthController],
  providers: [BoardActs],
})
export class OpsModule {}
