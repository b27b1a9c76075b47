import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem } from '../http/problem.js';

/** Mail providers unsubscribe on behalf of many people. */
const REQUESTS = 60;
const SECONDS = 60;

/**
 * Limits the requests of one network address to a public route, on this replica: strangers belong to no organization, and a
 * flood of them must not reach the database.
 */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  private readonly limiter = new RateLimiterMemory({ points: REQUESTS, duration: SECONDS });

  /** @throws Problem 429 */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { clientAddress } = context.switchToHttp().getRequest<FastifyRequest>();
    const { consumedPoints, msBeforeNext } = await this.limiter.penalty(clientAddress, 1);
    if (consumedPoints <= REQUESTS) return true;
    const seconds = Math.ceil(msBeforeNext / 1000);
    const detail = `This network address reached its limit of ${REQUESTS} requests a minute; retry in ${seconds} s`;
    throw new Problem(429, 'rate_limited', detail, undefined, { 'retry-after': String(seconds) });
  }
}
