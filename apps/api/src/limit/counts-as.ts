import type { FastifyRequest } from 'fastify';
import { ConfigureRoute } from '../http/route-config.js';
import type { RequestKind } from './allowance.js';

/** The kind of a route's requests, or a function of the request, whose body is read but not parsed. */
export type CountedKind = RequestKind | ((request: FastifyRequest) => RequestKind);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: `read`. */
    readonly countsAs?: CountedKind | undefined;
  }
}

/** Sets the rate limit that a route's requests count against; default: reads. */
export const CountsAs = (countsAs: CountedKind) => ConfigureRoute({ countsAs });

export function countedKindOf(request: FastifyRequest): RequestKind {
  const { countsAs = 'read' } = request.routeOptions.config;
  return typeof countsAs === 'function' ? countsAs(request) : countsAs;
}
