import { Module } from '@nestjs/common';
import { PersistModule } from '../ingest/ingest.module.js';
import { HealthController } from './health.controller.js';

@Module({ imports: [PersistModule], controllers: [HealthController] })
export class OpsModule {}
