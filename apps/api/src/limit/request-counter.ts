import { Logger } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { withTimeout } from '../http/with-timeout.js';
import type { Count } from './bucket.js';

/** Milliseconds. Redis fsyncs took up to 140 ms; with the queue's 600 ms, clients still get an answer within 1 s. */
const TIMEOUT_MS = 250;
/** Milliseconds before a failed store is asked again. */
const PAUSE_MS = 1000;

/**
 * Counts requests in a store that all replicas share. While the store is down, each replica counts on its own
 * against the same limit: intake then fails without its queue anyway, and a generous limit for reads does
 * less harm than refusing everyone.
 */
export class RequestCounter {
  private readonly logger = new Logger(RequestCounter.name);
  private readonly alone: RateLimiterMemory;
  private pausedUntil = 0;

  /** @param windowSeconds length of a window, which starts with its first request */
  constructor(
    private readonly store: Pick<RateLimiterAbstract, 'penalty'>,
    windowSeconds: number,
  ) {
    this.alone = new RateLimiterMemory({ points: 0, duration: windowSeconds });
  }

  /** Adds requests to a key's count. `endsAt` is on the clock of `performance.now`. */
  async add(key: string, requests: number): Promise<Count> {
    // Measured before the call: permits expire slightly early rather than leak into the next window.
    const asked = performance.now();
    const { consumedPoints, msBeforeNext } = await this.count(key, requests, asked);
    return { counted: consumedPoints, endsAt: asked + msBeforeNext };
  }

  private async count(key: string, requests: number, now: number): Promise<RateLimiterRes> {
    if (now < this.pausedUntil) return this.alone.penalty(key, requests);
    try {
      return await withTimeout(this.store.penalty(key, requests), TIMEOUT_MS);
    } catch (error) {
      this.logger.warn(
        `rate limits are not shared between replicas at the moment: ${(error as Error).message}`,
      );
      this.pausedUntil = performance.now() + PAUSE_MS;
      return this.alone.penalty(key, requests);
    }
  }
}
