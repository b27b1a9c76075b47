import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Environment } from '#config';
import { createPool } from '#database';

/** Milliseconds. Keeps a slow query from holding a connection for longer. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** Settings, and the connection pool that acts as the API's role. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(Pool) private readonly pool: Pool) {}

  static with(environment: Environment): DynamicModule {
    const pool = createPool({
      databaseUrl: environment.DATABASE_URL,
      role: 'api',
      size: environment.DB_POOL_SIZE,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    });
    return {
      module: DatabaseModule,
      providers: [
        { provide: Environment, useValue: environment },
        { provide: Pool, useValue: pool },
      ],
      exports: [Environment, Pool],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
