import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#identity';
import { AccessGuard } from '../auth/access.guard.js';
import { Problem } from '../problem/problem.js';
import type { Standing } from './bucket.js';
import { COUNTED_KIND, type CountedKind } from './counts-as.js';
import { RateLimits } from './rate-limits.service.js';

/**
 * Counts every request whose caller is known, and refuses it over the limit. That happens before permissions
 * are looked at, so that what is forbidden counts too; after the body has been read, as its first byte tells
 * one event from a list of them; and before it is parsed, which is most of what it would cost.
 * While there is a lot in hand, that takes 0.5 µs of CPU.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessGuard,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const caller = this.access.callerOf(context);
    if (caller === undefined) return true;
    return caller instanceof Promise
      ? caller.then((principal) => this.count(context, principal))
      : this.count(context, caller);
  }

  private count(context: ExecutionContext, principal: Principal): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const kind = this.kindOf(context, http.getRequest<FastifyRequest>());
    const standing = this.limits.take(principal, kind);
    // Without a limit there is nothing to tell.
    if (standing === undefined) return true;
    return standing instanceof Promise
      ? standing.then((answer) => tell(reply, answer))
      : tell(reply, standing);
  }

  private kindOf(context: ExecutionContext, request: FastifyRequest) {
    const kind = this.reflector.get<CountedKind | undefined>(COUNTED_KIND, context.getHandler()) ?? 'read';
    return typeof kind === 'function' ? kind(request) : kind;
  }
}

function tell(reply: FastifyReply, { admitted, limit, remaining, resetMs }: Standing): true {
  const seconds = Math.ceil(resetMs / 1000);
  reply.header('ratelimit-limit', limit);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', seconds);
  if (admitted) return true;
  const detail = `The organization has made its ${limit} requests of this kind; it may make more in ${seconds} s`;
  throw new Problem(429, 'rate_limited', detail, undefined, { 'retry-after': String(seconds) });
}
