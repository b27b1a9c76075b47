import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { QUEUES } from '#queue';
import { IngestModule } from '../ingest/ingest.module.js';
import { HealthController } from './health.controller.js';

@Module({
  imports: [
    IngestModule,
    BullModule.registerQueue({ name: QUEUES.deadLetters.name, defaultJobOptions: QUEUES.deadLetters.job }),
  ],
  controllers: [HealthController],
})
export class OpsModule {}
