import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { exitOnSignal, loadEnvironmentOrExit } from '#config';
import { waitForDatabase } from '#database';
import { NestLogger } from '#observability';
import { chooseQueueBackend } from '#queue';
import { startProcessors } from './start-processors.js';
import { WorkerModule } from './worker.module.js';

const environment = loadEnvironmentOrExit();
chooseQueueBackend(environment);
await waitForDatabase(environment.DATABASE_URL);
const app = await NestFactory.create<NestFastifyApplication>(
  WorkerModule.with(environment),
  new FastifyAdapter({ forceCloseConnections: 'idle', requestTimeout: 10_000, connectionTimeout: 60_000 }),
  { logger: new NestLogger('worker', environment.LOG_LEVEL) },
);
exitOnSignal(app);
await app.init();
startProcessors(app);
await app.listen(environment.WORKER_PORT, environment.HOST);
