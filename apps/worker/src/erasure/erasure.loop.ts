import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import { pause } from '#database';
import type { Shutdown } from '../shutdown/shutdown.js';
import type { Eraser } from './eraser.js';
import { type Erasure, nextErasure } from './erasure.store.js';
import { waitForDrain } from './wait-for-drain.js';

/** Milliseconds between looks for requests; whoever has made one waits for seconds at most. */
const LOOK_EVERY_MS = 500;
/**
 * Milliseconds until a request that could not be done is tried again, the first time; doubled each time up to the
 * longest. Meanwhile those behind it have their turn.
 */
const REST_MS = 100;
const LONGEST_REST_MS = 30_000;
/** That an erasure has to finish once the process is told to end. */
const GRACE_MS = 2000;

/**
 * Erases whom the API was asked to, for as long as the process runs. A request stands until it is done, whatever
 * happens to the worker that took it; of several workers one does it.
 */
export class ErasureLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ErasureLoop.name);
  /** Requests that could not be done: how often, and when to try them again. */
  private readonly tried = new Map<string, { readonly times: number; readonly until: number }>();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly ingest: Queue,
    private readonly eraser: Eraser,
    private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    this.done = this.run();
  }

  /** What takes longer than this is taken back by the server, and done by another worker or after the next start. */
  onApplicationShutdown(): Promise<void> {
    return Promise.race([this.done, pause(GRACE_MS, new AbortController().signal)]);
  }

  private async run(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      const wait = await this.next().catch((error: Error) => {
        this.logger.warn(`erasure: ${error.message}`);
        return LOOK_EVERY_MS;
      });
      if (wait > 0) await pause(wait, signal);
    }
  }

  /** @returns milliseconds until there may be more to do */
  private async next(): Promise<number> {
    const now = Date.now();
    const resting = [...this.tried].filter(([, { until }]) => until > now);
    const erasure = await nextErasure(
      this.pool,
      resting.map(([id]) => id),
    );
    if (!erasure) {
      // What another worker has done meanwhile need not be remembered.
      if (resting.length === 0) this.tried.clear();
      return resting.length > 0 ? REST_MS : LOOK_EVERY_MS;
    }
    const done = await this.erase(erasure).catch((error: Error) => {
      this.logger.warn(`erasure ${erasure.id}: ${error.message}`);
      return false;
    });
    if (done) this.tried.delete(erasure.id);
    else this.rest(erasure.id);
    return 0;
  }

  private rest(id: string): void {
    const times = (this.tried.get(id)?.times ?? 0) + 1;
    const rest = Math.min(REST_MS * 2 ** (times - 1), LONGEST_REST_MS);
    this.tried.set(id, { times, until: Date.now() + rest });
  }

  /** What was accepted before the request has to be stored before it can be erased. */
  private async erase(erasure: Erasure): Promise<boolean> {
    if (!(await waitForDrain(this.ingest, this.shutdown.signal))) return true;
    return this.eraser.erase(erasure);
  }
}
