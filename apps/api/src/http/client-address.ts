import { isIP } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's network address for the audit log; behind the proxies in `TRUST_PROXY`, the one they forward. */
    clientAddress: string;
  }
}

/** The term of RFC 7239. A connection reset before its request was read has no remote address. */
const UNKNOWN = 'unknown';

/**
 * Records each request's client address while the connection is still open. A client may be gone by the time its
 * events are accepted, and a closed socket has no address.
 */
export function recordClientAddress(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('clientAddress', UNKNOWN);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.clientAddress = clientAddressOf(request);
    done();
  });
}

/** A proxy may forward any text that a client claims as its address. */
const clientAddressOf = ({ ip, socket }: FastifyRequest) =>
  isIP(ip) === 0 ? (socket.remoteAddress ?? UNKNOWN) : ip;
