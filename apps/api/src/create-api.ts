import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Environment } from '#config';
import { NestLogger } from '#observability';
import { chooseQueueBackend } from '#queue';
import { acceptBodies } from './accept-bodies.js';
import { ApiModule } from './api.module.js';
import { MAX_BODY_BYTES } from './ingest/decompress.js';
import { mountDocs } from './ops/docs.js';
import { mountQueues } from './ops/queues-board.js';
import { answerClientError, answerExpectation, answerRouterError } from './problem/client-errors.js';

/** Milliseconds a client has for its whole request; Fastify's default is for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 60_000;

/** The API, ready to listen. */
export async function createApi(environment: Environment): Promise<NestFastifyApplication> {
  chooseQueueBackend(environment);
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerRouterError,
    // Session ids are part of a path: 256 characters, each up to twelve once encoded.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 3072 },
    // Keep-alive connections that idle must not hold up the end of the process.
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(environment), adapter, {
    bodyParser: false,
    logger: new NestLogger('api', environment.LOG_LEVEL),
  });
  app.enableShutdownHooks();
  app.getHttpServer().on('checkExpectation', answerExpectation);
  acceptBodies(app);
  await mountQueues(app);
  mountDocs(app);
  return app;
}
