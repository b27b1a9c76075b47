import type { FastifyReply, FastifyRequest } from 'fastify';

/** Counts a refused request against the caller's rate limit. The folder `limit` implements it. */
export abstract class RefusalCounter {
  /** @returns a promise when the shared counter must be asked */
  abstract countRefused(request: FastifyRequest, reply: FastifyReply): undefined | Promise<void>;
}
