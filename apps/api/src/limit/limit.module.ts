import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Environment } from '#config';
import { AuthModule } from '../auth/auth.module.js';
import { type CounterStore, postgresCounterStore, redisCounterStore } from './counter-store.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimits } from './rate-limits.service.js';
import { RequestCounter } from './request-counter.js';

const STORE = Symbol('store of counters');

@Module({
  imports: [AuthModule],
  providers: [
    {
      provide: STORE,
      inject: [Environment, Pool],
      useFactory: (environment: Environment, pool: Pool) => {
        const seconds = environment.RATE_LIMIT_WINDOW_MS / 1000;
        return environment.REDIS_URL
          ? redisCounterStore(environment.REDIS_URL, seconds)
          : postgresCounterStore(pool, seconds);
      },
    },
    {
      provide: RequestCounter,
      inject: [STORE, Environment],
      useFactory: ({ limiter }: CounterStore, environment: Environment) =>
        new RequestCounter(limiter, environment.RATE_LIMIT_WINDOW_MS / 1000),
    },
    RateLimits,
    RateLimitGuard,
  ],
  exports: [RateLimitGuard],
})
export class LimitModule implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: CounterStore) {}

  onApplicationShutdown(): void {
    this.store.close();
  }
}
