import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { RequestKind } from './allowance.js';

/** What a route's requests are counted as, or how that is told of each, its body read and not yet parsed. */
export type CountedKind = RequestKind | ((request: FastifyRequest) => RequestKind);

interface Counted {
  readonly countsAs?: CountedKind;
}

/** Sets the rate limit that a route's requests count against; without it they are reads. */
export const CountsAs = (countsAs: CountedKind) => RouteConfig({ countsAs } satisfies Counted);

export function countedKindOf(request: FastifyRequest): RequestKind {
  const { countsAs = 'read' } = request.routeOptions.config as Counted;
  return typeof countsAs === 'function' ? countsAs(request) : countsAs;
}
