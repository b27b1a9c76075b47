import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AccessGuard } from '../auth/access.guard.js';
import { QUEUES_PATH } from '../ops/queues-board.js';
import { decompress, MAX_BODY_BYTES } from './decompress.js';

const MEDIA_TYPES = ['application/json', 'application/x-ndjson'];

/** Hands every body to its route as decompressed bytes: parsing belongs to the format, with its own errors. */
export function acceptBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  refuseBodiesOfStrangers(app);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    MEDIA_TYPES,
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body, done) => {
      const encoding = request.headers['content-encoding'];
      if (!encoding) {
        done(null, body);
        return;
      }
      decompress(body as Buffer, encoding).then(
        (bytes) => done(null, bytes),
        (error) => done(error as Error),
      );
    },
  );
}

/** Nothing is read, let alone decompressed, for callers who do not say who they are, nor of what goes nowhere. */
function refuseBodiesOfStrangers(app: NestFastifyApplication): void {
  const guard = app.get(AccessGuard, { strict: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preParsing', (request, _reply, payload, done) => {
      if (!hasBody(request) || isForQueues(request)) {
        done(null, payload);
        return;
      }
      if (request.is404) {
        done(new NotFoundException());
        return;
      }
      try {
        const caller = guard.identify(request);
        if (caller instanceof Promise) caller.then(() => done(null, payload), done);
        else done(null, payload);
      } catch (error) {
        done(error as Error);
      }
    });
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Bull Board has a door of its own. */
const isForQueues = ({ routeOptions }: FastifyRequest) => routeOptions.url?.startsWith(QUEUES_PATH);
