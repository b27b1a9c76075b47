import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a refused client may keep sending its body. */
const PATIENCE_MS = 5_000;

/**
 * Reads and discards the rest of a refused request's body. Closing a connection with unread bytes resets it, and the
 * client would lose the response.
 */
export function discardRest({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  if (raw.complete || raw.destroyed) return;
  raw.resume();
  setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, PATIENCE_MS).unref();
}
