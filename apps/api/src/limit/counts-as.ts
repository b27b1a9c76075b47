import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { RequestKind } from './allowance.js';

/** The kind of a route's requests, or a function of the request, whose body is read but not parsed. */
export type CountedKind = RequestKind | ((request: FastifyRequest) => RequestKind);

interface Counted {
  readonly countsAs?: CountedKind;
}

/** Sets the rate limit that a route's requests count against; default: reads. */
export const CountsAs = (countsAs: CountedKind) => RouteConfig({ countsAs } satisfies Counted);

export function countedKindOf(request: FastifyRequest): RequestKind {
  const { countsAs = 'read' } = request.routeOptions.config as Counted;
  return typeof countsAs === 'function' ? countsAs(request) : countsAs;
}
