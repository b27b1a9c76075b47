import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Environment, exitOnSignal } from '#config';
import { NestLogger } from '#observability';
import { chooseQueueBackend } from '#queue';
import { ApiModule } from './api.module.js';
import { authenticateBeforeBody } from './auth/authenticate-before-body.js';
import { connectQueues } from './connect-queues.js';
import { registerBodyParser } from './http/body-parser.js';
import { recordClientAddress } from './http/client-address.js';
import { answerExpectation } from './http/client-errors.js';
import { enableCors } from './http/cors.js';
import { httpAdapter } from './http/http-adapter.js';
import { mountDocs } from './http/openapi/mount-docs.js';
import { refuseWhileClosing } from './http/refuse-while-closing.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { ingestSchemes } from './ingest/ingest.controller.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { boardPage } from './ops/board-page.js';
import { mountQueues, QUEUES_PATH } from './ops/queues-board.js';

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
  exitOnSignal(app);
  app.getHttpServer().on('checkExpectation', answerExpectation);
  // By default Node drops headers after the 2,000th, even Content-Length. Their bytes are limited anyway.
  app.getHttpServer().maxHeadersCount = 0;
  app.get(RequestMetrics, { strict: false }).observe(app);
  addSecurityHeaders(app);
  refuseWhileClosing(app);
  recordClientAddress(app);
  await enableCors(app, environment.CORS_ORIGINS);
  authenticateBeforeBody(app, QUEUES_PATH);
  registerBodyParser(app);
  await connectQueues(app, environment);
  await mountQueues(app);
  mountDocs(app, boardPage, ingestSchemes);
  return app;
}
