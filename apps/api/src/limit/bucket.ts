/** Whether a request is admitted, and the figures for the RateLimit headers. */
export interface RateLimitStatus {
  readonly admitted: boolean;
  /** Requests per window. */
  readonly limit: number;
  /** Requests left; with several replicas, as of this one's last read of the shared counter. */
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

/** Result of the counter that all replicas share. */
export interface Count {
  /** Requests counted in this window, including those just added; may exceed the limit. */
  readonly counted: number;
  /** End of the window on the caller's clock. */
  readonly endsAt: number;
}

/**
 * Requests that a replica reserves at once: a hundredth of the limit, so at most a hundred reservations per window. An
 * idle replica withholds at most this many from the others.
 */
export const lotSize = (limit: number) => Math.max(1, Math.floor(limit / 100));

/**
 * One replica's reserved requests (permits) of an organization in the current window. Each reservation adds a lot to
 * the shared count; only the part below the limit becomes permits. Over all replicas that is exactly the limit.
 */
export class Bucket {
  private permits = 0;
  private counted = 0;
  /** The limit under which the permits were reserved. */
  private limit = 0;
  private endsAt = Number.NEGATIVE_INFINITY;

  isOver(now: number): boolean {
    return now >= this.endsAt;
  }

  /** @returns undefined when the shared counter must be asked first */
  admit(limit: number, now: number): RateLimitStatus | undefined {
    if (this.isOver(now)) return undefined;
    if (limit < this.limit) this.lower(limit);
    const admitted = this.permits > 0;
    if (!admitted && this.counted < limit) return undefined;
    if (admitted) this.permits--;
    const remaining = this.permits + Math.max(0, limit - this.counted);
    return { admitted, limit, remaining, resetMs: this.endsAt - now };
  }

  /** @param size of the reserved lot */
  fill(limit: number, size: number, { counted, endsAt }: Count): void {
    this.permits = Math.min(size, Math.max(0, limit - (counted - size)));
    this.counted = counted;
    this.limit = limit;
    this.endsAt = endsAt;
  }

  /** Reduces the permits to what is below a lower limit. */
  private lower(limit: number): void {
    const used = Math.min(this.counted, this.limit) - this.permits;
    this.permits = Math.min(this.permits, Math.max(0, limit - used));
    this.limit = limit;
  }
}
