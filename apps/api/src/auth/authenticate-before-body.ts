import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AccessGuard } from './access.guard.js';

/**
 * Authenticates a caller before the body is read or decompressed, and refuses a body sent to an unknown path.
 * @param exemptPath prefix of routes that authenticate by themselves
 */
export function authenticateBeforeBody(app: NestFastifyApplication, exemptPath: string): void {
  const guard = app.get(AccessGuard, { strict: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preParsing', (request, _reply, payload, done) => {
      if (!hasBody(request) || request.routeOptions.url?.startsWith(exemptPath)) {
        done(null, payload);
        return;
      }
      if (request.is404) {
        done(new NotFoundException());
        return;
      }
      try {
        const caller = guard.authenticate(request);
        if (caller instanceof Promise) caller.then(() => done(null, payload), done);
        else done(null, payload);
      } catch (error) {
        done(error as Error);
      }
    });
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
