import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Environment } from '#config';
import type { Principal } from '#identity';
import type { IngestJob } from '#queue';
import { AccessGuard } from '../../apps/api/src/auth/access.guard.js';
import { authenticateBeforeBody } from '../../apps/api/src/auth/authenticate-before-body.js';
import { Authenticator } from '../../apps/api/src/auth/authenticator.js';
import { KeyUsage } from '../../apps/api/src/auth/key-usage.js';
import { EventTypeRegistry } from '../../apps/api/src/event-types/event-type-registry.js';
import { SchemaCompiler } from '../../apps/api/src/event-types/schema-compiler.js';
import { registerBodyParser } from '../../apps/api/src/http/body-parser.js';
import { recordClientAddress } from '../../apps/api/src/http/client-address.js';
import { httpAdapter } from '../../apps/api/src/http/http-adapter.js';
import { ProblemFilter } from '../../apps/api/src/http/problem.filter.js';
import { RefusalCounter } from '../../apps/api/src/http/refusal-counter.js';
import type { Dialect } from '../../apps/api/src/ingest/dialects/dialect.js';
import { EventBuffer } from '../../apps/api/src/ingest/enqueue/event-buffer.js';
import { QueueWatch } from '../../apps/api/src/ingest/enqueue/queue-watch.js';
import { controllersFor } from '../../apps/api/src/ingest/ingest.controller.js';
import { IngestService } from '../../apps/api/src/ingest/ingest.service.js';
import { RejectionCounts } from '../../apps/api/src/ingest/rejections/rejection-counts.js';
import { RateLimitGuard } from '../../apps/api/src/limit/rate-limit.guard.js';
import { RateLimits } from '../../apps/api/src/limit/rate-limits.service.js';
import { RequestCounter } from '../../apps/api/src/limit/request-counter.js';
import { EventMetrics } from '../../apps/api/src/metrics/event-metrics.js';

const WINDOW_MS = 60_000;

export interface IngestApp {
  /** Principals by credential. */
  readonly callers: Map<string, Principal>;
  /** Called with every job; may throw. */
  readonly addJob: (job: IngestJob) => void;
}

/** The HTTP part of the API with one dialect, as in `createApi`, but without database and queue. */
export async function ingestApp(
  dialect: Dialect,
  { callers, addJob }: IngestApp,
): Promise<NestFastifyApplication> {
  const environment = Object.assign(new Environment(), { RATE_LIMIT_WINDOW_MS: WINDOW_MS });
  const registry = new Registry();
  const emptyQueue = { getWaitingCount: async () => 0, getRanges: async () => [] };
  const store = new RateLimiterMemory({ points: 0, duration: WINDOW_MS / 1000 });

  @Module({
    controllers: controllersFor(dialect),
    providers: [
      { provide: Environment, useValue: environment },
      { provide: Registry, useValue: registry },
      {
        provide: Authenticator,
        useValue: { authenticate: (key: string) => callers.get(key) ?? null } satisfies Pick<
          Authenticator,
          'authenticate'
        >,
      },
      {
        provide: KeyUsage,
        useValue: new KeyUsage(async () => {}),
      },
      {
        provide: EventTypeRegistry,
        useValue: new EventTypeRegistry(undefined as never, new SchemaCompiler()),
      },
      { provide: EventBuffer, useValue: new EventBuffer(async (_id, job) => addJob(job), 500) },
      { provide: QueueWatch, useValue: new QueueWatch(emptyQueue as never, 10, registry) },
      { provide: RequestCounter, useValue: new RequestCounter(store, WINDOW_MS / 1000) },
      { provide: RejectionCounts, useValue: new RejectionCounts(async () => {}) },
      RateLimits,
      EventMetrics,
      IngestService,
      AccessGuard,
      RateLimitGuard,
      { provide: APP_GUARD, useExisting: RateLimitGuard },
      { provide: APP_GUARD, useExisting: AccessGuard },
      { provide: RefusalCounter, useExisting: RateLimitGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  })
  class IngestOnly {}

  const app = await NestFactory.create<NestFastifyApplication>(IngestOnly, httpAdapter(), {
    bodyParser: false,
    logger: false,
  });
  recordClientAddress(app);
  authenticateBeforeBody(app, '/queues');
  registerBodyParser(app);
  await app.listen(0, '127.0.0.1');
  return app;
}
