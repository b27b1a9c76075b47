import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import { failureKind } from '#database';
import { Loop } from '#jobs';
import type { RouteSum } from '../../metrics/request-counts.js';
import { grownDurations } from './grown-durations.js';
import type { QueryHoursStore } from './query-hours.store.js';

const EVERY_MS = 20_000;
/** Milliseconds that the last report may take at shutdown. */
const GRACE_MS = 1_000;

/** Sums since the process started. */
export interface QuerySums {
  readonly routes: readonly RouteSum[];
  readonly hits: number;
  readonly misses: number;
}

/**
 * Adds what this replica counted to the sums of the hour, every twenty seconds and at shutdown, for performance reports.
 * A process that is killed takes up to twenty seconds with it.
 */
export class QueryHours implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly loop: Loop;
  private written: QuerySums = { routes: [], hits: 0, misses: 0 };
  private ended: Promise<unknown> = Promise.resolve();

  /** @param sums the sums now */
  constructor(
    private readonly store: QueryHoursStore,
    private readonly sums: () => QuerySums,
  ) {
    this.loop = new Loop({ name: 'query-hours', everyMs: EVERY_MS, run: () => this.write() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Begins before the pool is closed, and holds up nothing meanwhile. */
  beforeApplicationShutdown(): void {
    this.ended = Promise.race([this.end(), sleep(GRACE_MS, undefined, { ref: false })]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ended;
  }

  /** Adds what has been counted since the last time. What could not be written comes with the next one. */
  async write(): Promise<void> {
    const now = this.sums();
    const routes = grownDurations(now.routes, this.written.routes);
    const [hits, misses] = [now.hits - this.written.hits, now.misses - this.written.misses];
    if (routes.length + hits + misses === 0) return;
    try {
      await this.store.add(routes, { hits, misses });
      this.written = now;
    } catch (error) {
      // A connection fails in many ways. The log repeats no message, so an outage is one line.
      if (failureKind(error) === 'transient') throw new Error('the database is away: query times wait');
      throw error;
    }
  }

  private async end(): Promise<void> {
    await this.loop.stop();
    await this.write().catch(() => {});
  }
}
