import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a client may go on sending a body that nobody reads. */
const PATIENCE_MS = 5_000;

/**
 * Lets a client that was refused in the middle of its body finish: a connection that is closed with
 * unread bytes in it is reset, and the answer is lost with it. The bytes are thrown away as they come.
 */
export function discardRest({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  if (raw.complete || raw.destroyed) return;
  raw.resume();
  setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, PATIENCE_MS).unref();
}
