import 'reflect-metadata';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { httpAdapter } from '../apps/api/src/http/http-adapter.js';

/** A POST that does nothing, to measure the cost of Nest and Fastify alone. */
@Controller()
class NoopController {
  @Get()
  ready() {
    return { status: 'ok' };
  }

  @Post('noop')
  @HttpCode(202)
  noop() {
    return { batch_id: '00000000-0000-7000-8000-000000000000', accepted: 1, rejected: [] };
  }
}

@Module({ controllers: [NoopController] })
class NoopModule {}

const app = await NestFactory.create(NoopModule, httpAdapter(), { logger: false });
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT), '127.0.0.1');
