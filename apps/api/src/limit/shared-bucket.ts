import { Bucket, type Count, lotSize, type RateLimitStatus } from './bucket.js';

/** A bucket that refills from the shared counter. */
export class SharedBucket {
  private readonly bucket = new Bucket();
  private filling: Promise<void> | undefined;

  /**
   * @param add adds requests to the shared count
   * @param clock milliseconds since any fixed instant
   */
  constructor(
    private readonly add: (requests: number) => Promise<Count>,
    private readonly clock: () => number,
  ) {}

  /** Whether it can be dropped. */
  isIdle(): boolean {
    return !this.filling && this.bucket.isOver(this.clock());
  }

  /** @returns a promise only when the shared counter must be asked */
  admit(limit: number): RateLimitStatus | Promise<RateLimitStatus> {
    return this.bucket.admit(limit, this.clock()) ?? this.fillAndAdmit(limit);
  }

  /** Requests that arrive while a lot is being reserved wait for it. */
  private async fillAndAdmit(limit: number): Promise<RateLimitStatus> {
    for (;;) {
      this.filling ??= this.fill(limit).finally(() => {
        this.filling = undefined;
      });
      await this.filling;
      const status = this.bucket.admit(limit, this.clock());
      if (status) return status;
    }
  }

  private async fill(limit: number): Promise<void> {
    const size = lotSize(limit);
    this.bucket.fill(limit, size, await this.add(size));
  }
}
