import { Logger } from '@nestjs/common';
import { type RateLimiterAbstract, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { withTimeout } from '../http/with-timeout.js';
import type { Count } from './bucket.js';

/**
 * An fsync of Redis has been seen to take 140 ms, and a new connection on a busy machine more; with the queue's
 * 600 ms an answer still comes within a second.
 */
const PATIENCE_MS = 250;
/** For how long a store that failed is left alone. */
const PAUSE_MS = 1000;

/**
 * Counts requests in a store that all replicas share. While the store does not answer, each replica counts for
 * itself against the same limit: intake needs the queue anyway and says 503 by itself, reads can do without the
 * store, and a limit that is too generous for the length of an outage does less harm than refusing everyone.
 */
export class RequestCounter {
  private readonly logger = new Logger(RequestCounter.name);
  private readonly alone: RateLimiterMemory;
  private pausedUntil = 0;

  /** @param windowSeconds length of the windows, which begin with their first request */
  constructor(
    private readonly store: Pick<RateLimiterAbstract, 'penalty'>,
    windowSeconds: number,
  ) {
    this.alone = new RateLimiterMemory({ points: 0, duration: windowSeconds });
  }

  /** Adds requests to those counted under a key; the end of the window is on the clock of `performance.now`. */
  async add(key: string, requests: number): Promise<Count> {
    // From before the question: a lot is given up a moment too early rather than carried into the next window.
    const asked = performance.now();
    const { consumedPoints, msBeforeNext } = await this.count(key, requests, asked);
    return { counted: consumedPoints, endsAt: asked + msBeforeNext };
  }

  private async count(key: string, requests: number, now: number): Promise<RateLimiterRes> {
    if (now < this.pausedUntil) return this.alone.penalty(key, requests);
    try {
      return await withTimeout(this.store.penalty(key, requests), PATIENCE_MS);
    } catch (error) {
      this.logger.warn(`rate limits are not shared at the moment: ${(error as Error).message}`);
      this.pausedUntil = performance.now() + PAUSE_MS;
      return this.alone.penalty(key, requests);
    }
  }
}
