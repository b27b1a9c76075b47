import { SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { RequestKind } from './allowance.js';

export const COUNTED_KIND = 'counted kind';

/** What a route's requests are counted as, or how that is told of each, its body read and not yet parsed. */
export type CountedKind = RequestKind | ((request: FastifyRequest) => RequestKind);

/** Sets the rate limit that a route's requests count against; without it they are reads. */
export const CountsAs = (kind: CountedKind) => SetMetadata<string, CountedKind>(COUNTED_KIND, kind);
