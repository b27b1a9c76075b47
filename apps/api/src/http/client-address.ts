import { isIP } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Network address that it came from, for the audit log: the client's where `TRUST_PROXY` names the proxies. */
    origin: string;
  }
}

/** As RFC 7239 has it. A connection that was reset before its request was read says nothing of its other end. */
const UNKNOWN = 'unknown';

/**
 * Notes where each request comes from while its connection is there to tell: when the caller's standing has to be
 * asked for first, a client that does not wait for the answer is gone by the time its events are taken.
 */
export function noteOrigins(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('origin', UNKNOWN);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.origin = originOf(request);
    done();
  });
}

/** A proxy may pass on as an address what the client has made up. */
const originOf = ({ ip, socket }: FastifyRequest) =>
  isIP(ip) === 0 ? (socket.remoteAddress ?? UNKNOWN) : ip;
