import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Environment } from '#config';
import { NestLogger } from '#observability';
import { chooseQueueBackend } from '#queue';
import { acceptBodies } from './accept-bodies.js';
import { allowOrigins } from './allow-origins.js';
import { ApiModule } from './api.module.js';
import { connectQueues } from './connect-queues.js';
import { mountDocs } from './docs/mount-docs.js';
import { httpAdapter } from './http-adapter.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { mountQueues } from './ops/queues-board.js';
import { noteOrigins } from './origin.js';
import { answerExpectation } from './problem/client-errors.js';
import { refuseWhileClosing } from './refuse-while-closing.js';
import { addSecurityHeaders } from './security-headers.js';

/** The API, ready to listen. */
export async function createApi(environment: Environment): Promise<NestFastifyApplication> {
  chooseQueueBackend(environment);
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.with(environment),
    httpAdapter(environment.TRUST_PROXY),
    {
      bodyParser: false,
      logger: new NestLogger('api', environment.LOG_LEVEL),
    },
  );
  app.enableShutdownHooks();
  app.getHttpServer().on('checkExpectation', answerExpectation);
  // Past 2,000, the default, Node drops headers, of those that say whether there is a body, too; bytes are bounded.
  app.getHttpServer().maxHeadersCount = 0;
  app.get(RequestMetrics, { strict: false }).observe(app);
  addSecurityHeaders(app);
  refuseWhileClosing(app);
  noteOrigins(app);
  await allowOrigins(app, environment.CORS_ORIGINS);
  acceptBodies(app);
  await connectQueues(app, environment);
  await mountQueues(app);
  mountDocs(app);
  return app;
}
