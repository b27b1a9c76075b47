import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Pool } from 'pg';
import { Environment } from '#config';
import { createPool } from '#database';
import { WorkerMetrics } from './metrics/worker-metrics.js';
import { Shutdown } from './shutdown/shutdown.js';

/** Settings, the pool of connections with the role of the worker, and other shared providers. */
@Global()
@Module({})
export class SharedModule {
  static with(environment: Environment): DynamicModule {
    const pool = createPool({
      databaseUrl: environment.DATABASE_URL,
      role: 'worker',
      size: environment.DB_POOL_SIZE,
    });
    return {
      module: SharedModule,
      providers: [
        { provide: Environment, useValue: environment },
        { provide: Pool, useValue: pool },
        Shutdown,
        WorkerMetrics,
      ],
      exports: [Environment, Pool, Shutdown, WorkerMetrics],
    };
  }
}
