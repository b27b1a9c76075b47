/** What a caller is told: whether the request may go on, and where its organization stands. */
export interface RateLimitStatus {
  readonly admitted: boolean;
  /** Requests in a window. */
  readonly limit: number;
  /** Requests left: exact for one replica, for several as of the last time that this one asked. */
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly resetMs: number;
}

/** The answer of the counter that all replicas share. */
export interface Count {
  /** Requests counted in this window, those just added included; it goes on counting over the limit. */
  readonly counted: number;
  /** The window's end, on the clock of whoever asks. */
  readonly endsAt: number;
}

/**
 * How many requests a replica asks for at once: a hundred questions a window, however high the limit. A replica
 * that falls idle keeps at most a hundredth of the limit from the others, until the window ends.
 */
export const lotSize = (limit: number) => Math.max(1, Math.floor(limit / 100));

/**
 * What one replica has in hand of an organization's requests in the current window. Each question adds a lot to
 * the shared count, and what part of it was still below the limit may be used: over all replicas that is the
 * limit exactly, even when the last lot is no longer whole.
 */
export class Bucket {
  private permits = 0;
  private counted = 0;
  /** The limit that the permits are below. */
  private limit = 0;
  private endsAt = Number.NEGATIVE_INFINITY;

  isOver(now: number): boolean {
    return now >= this.endsAt;
  }

  /** @returns undefined when the shared counter has to be asked first */
  take(limit: number, now: number): RateLimitStatus | undefined {
    if (this.isOver(now)) return undefined;
    if (limit < this.limit) this.lower(limit);
    const admitted = this.permits > 0;
    if (!admitted && this.counted < limit) return undefined;
    if (admitted) this.permits--;
    const remaining = this.permits + Math.max(0, limit - this.counted);
    return { admitted, limit, remaining, resetMs: this.endsAt - now };
  }

  /** @param size of the lot that was added */
  fill(limit: number, size: number, { counted, endsAt }: Count): void {
    this.permits = Math.min(size, Math.max(0, limit - (counted - size)));
    this.counted = counted;
    this.limit = limit;
    this.endsAt = endsAt;
  }

  /** What is in hand has to be below the new limit, too. */
  private lower(limit: number): void {
    const used = Math.min(this.counted, this.limit) - this.permits;
    this.permits = Math.min(this.permits, Math.max(0, limit - used));
    this.limit = limit;
  }
}
