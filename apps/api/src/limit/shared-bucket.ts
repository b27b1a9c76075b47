import { Bucket, type Count, lotSize, type RateLimitStatus } from './bucket.js';

/** A bucket that is filled from the shared counter when it is empty. */
export class SharedBucket {
  private readonly bucket = new Bucket();
  private filling: Promise<void> | undefined;

  /**
   * @param add adds requests to the shared count
   * @param clock milliseconds, of any beginning
   */
  constructor(
    private readonly add: (requests: number) => Promise<Count>,
    private readonly clock: () => number,
  ) {}

  /** Whether there is nothing to remember of it. */
  isIdle(): boolean {
    return !this.filling && this.bucket.isOver(this.clock());
  }

  /** @returns the standing at once, or a promise of it when the counter has to be asked */
  take(limit: number): RateLimitStatus | Promise<RateLimitStatus> {
    return this.bucket.take(limit, this.clock()) ?? this.fillAndTake(limit);
  }

  /** Requests that come while a lot is being fetched wait for that one. */
  private async fillAndTake(limit: number): Promise<RateLimitStatus> {
    for (;;) {
      this.filling ??= this.fill(limit).finally(() => {
        this.filling = undefined;
      });
      await this.filling;
      const standing = this.bucket.take(limit, this.clock());
      if (standing) return standing;
    }
  }

  private async fill(limit: number): Promise<void> {
    const size = lotSize(limit);
    this.bucket.fill(limit, size, await this.add(size));
  }
}
