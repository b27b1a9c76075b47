import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { QUEUES, registerQueue } from '#queue';
import { IngestModule } from '../ingest/ingest.module.js';
import { BoardActs } from './board-acts.js';
import { HealthController } from './health.controller.js';

@Module({
  imports: [IngestModule, registerQueue(QUEUES.deadLetters)],
  controllers: [HealthController],
  providers: [BoardActs],
  exports: [BullModule],
})
export class OpsModule {}
