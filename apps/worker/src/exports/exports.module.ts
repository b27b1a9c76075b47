import { Module } from '@nestjs/common';
import { Pool } from 'pg';
import { ExportWriter } from './export-writer.js';
import { ExportsProcessor } from './exports.processor.js';

@Module({
  providers: [
    ExportsProcessor,
    { provide: ExportWriter, inject: [Pool], useFactory: (pool: Pool) => new ExportWriter(pool) },
  ],
})
export class ExportsModule {}
