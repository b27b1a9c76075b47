import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#identity';
import { AccessGuard } from '../auth/access.guard.js';
import { Problem } from '../http/problem.js';
import type { RefusalCounter } from '../http/refusal-counter.js';
import type { RateLimitStatus } from './bucket.js';
import { countedKindOf } from './counts-as.js';
import { RateLimits } from './rate-limits.service.js';

const LIMIT_HEADER = 'ratelimit-limit';

/**
 * Counts the requests of authenticated callers and refuses those over the limit. Runs before the permission
 * check, so that forbidden requests count too; after the body is read, because its first byte distinguishes
 * one event from a list; and before it is parsed, which costs most. Takes 0.5 µs of CPU while permits are
 * left.
 */
@Injectable()
export class RateLimitGuard implements CanActivate, RefusalCounter {
  constructor(
    private readonly access: AccessGuard,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const caller = this.access.callerOf(context);
    if (caller === undefined) return true;
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    return caller instanceof Promise
      ? caller.then((principal) => this.admit(principal, request, reply))
      : this.admit(caller, request, reply);
  }

  /** Counts a request that was refused before it reached this guard, with its body unread. */
  countRefused(request: FastifyRequest, reply: FastifyReply): undefined | Promise<void> {
    if (!request.principal || reply.hasHeader(LIMIT_HEADER)) return undefined;
    const status = this.limits.admit(request.principal, countedKindOf(request));
    if (status instanceof Promise) return status.then((answer) => setHeaders(reply, answer));
    if (status) setHeaders(reply, status);
    return undefined;
  }

  private admit(
    principal: Principal,
    request: FastifyRequest,
    reply: FastifyReply,
  ): boolean | Promise<boolean> {
    const status = this.limits.admit(principal, countedKindOf(request));
    // Unlimited: no headers.
    if (status === undefined) return true;
    return status instanceof Promise
      ? status.then((answer) => admitted(reply, answer))
      : admitted(reply, status);
  }
}

function setHeaders(reply: FastifyReply, { limit, remaining, resetMs }: RateLimitStatus): void {
  reply.header(LIMIT_HEADER, limit);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', secondsOf(resetMs));
}

/** @throws Problem 429 */
function admitted(reply: FastifyReply, status: RateLimitStatus): true {
  setHeaders(reply, status);
  if (status.admitted) return true;
  const seconds = secondsOf(status.resetMs);
  const detail = `The organization reached its limit of ${status.limit} requests of this kind; retry in ${seconds} s`;
  throw new Problem(429, 'rate_limited', detail, undefined, { 'retry-after': String(seconds) });
}

const secondsOf = (ms: number) => Math.ceil(ms / 1000);
