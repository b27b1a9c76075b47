import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { BoardActs } from './board-acts.js';
import { HealthController } from './health.controller.js';
import { InstallationHealthController } from './installation-health.controller.js';

@Module({
  imports: [IngestModule],
  controllers: [HealthController, InstallationHealthController],
  providers: [BoardActs],
})
export class OpsModule {}
