import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '#config';
import type { Principal } from '#identity';
import { Loop } from '#jobs';
import { allowanceOf, type RequestKind } from './allowance.js';
import type { RateLimitStatus } from './bucket.js';
import { RequestCounter } from './request-counter.js';
import { SharedBucket } from './shared-bucket.js';

/** The buckets of all organizations that this replica has served in the current windows. */
@Injectable()
export class RateLimits implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly buckets: Readonly<Record<RequestKind, Map<string, SharedBucket>>> = {
    single: new Map(),
    batch: new Map(),
    read: new Map(),
  };
  private readonly sweeping: Loop;

  constructor(
    private readonly counter: RequestCounter,
    private readonly environment: Environment,
  ) {
    this.sweeping = new Loop({
      name: RateLimits.name,
      everyMs: environment.RATE_LIMIT_WINDOW_MS,
      run: () => this.sweep(),
    });
  }

  /**
   * Counts one request.
   * @returns undefined when the organization has no such limit
   */
  admit(
    { organizationId, settings }: Principal,
    kind: RequestKind,
  ): RateLimitStatus | Promise<RateLimitStatus> | undefined {
    const limit = allowanceOf(kind, settings, this.environment.RATE_LIMIT_MAX_REQUESTS);
    return limit === 0 ? undefined : this.bucketOf(organizationId, kind).admit(limit);
  }

  onApplicationBootstrap(): void {
    this.sweeping.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.sweeping.stop();
  }

  private bucketOf(organizationId: string, kind: RequestKind): SharedBucket {
    const buckets = this.buckets[kind];
    let bucket = buckets.get(organizationId);
    if (!bucket) {
      const key = `${organizationId}:${kind}`;
      bucket = new SharedBucket(
        (requests) => this.counter.add(key, requests),
        () => performance.now(),
      );
      buckets.set(organizationId, bucket);
    }
    return bucket;
  }

  private sweep(): void {
    for (const buckets of Object.values(this.buckets)) {
      for (const [organizationId, bucket] of buckets) if (bucket.isIdle()) buckets.delete(organizationId);
    }
  }
}
