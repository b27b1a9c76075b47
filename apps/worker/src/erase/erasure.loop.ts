import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import { failureKind } from '#database';
import { pause } from '../persist/outlast.js';
import type { Shutdown } from '../shutdown.js';
import type { Eraser } from './eraser.js';
import { type Erasure, nextErasure } from './erasure.store.js';
import { untilTaken } from './until-taken.js';

/** Milliseconds between looks for requests; whoever has made one waits for seconds at most. */
const LOOK_EVERY_MS = 500;
/** Milliseconds until a request is tried again that another transaction, or a server that is away, was in the way of. */
const RETRY_MS = 100;
/** Until one is that failed for another reason: meanwhile those behind it have their turn. */
const REST_MS = 30_000;
/** That an erasure has to finish once the process is told to end. */
const GRACE_MS = 2000;

/**
 * Erases whom the API was asked to, for as long as the process runs. A request stands until it is done, whatever
 * happens to the worker that took it; of several workers one does it.
 */
export class ErasureLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ErasureLoop.name);
  /** Requests that failed, and when to try them again. */
  private readonly resting = new Map<string, number>();
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
    for (const [id, until] of this.resting) if (until <= Date.now()) this.resting.delete(id);
    const erasure = await nextErasure(this.pool, [...this.resting.keys()]);
    if (!erasure) return LOOK_EVERY_MS;
    try {
      return (await this.erase(erasure)) ? 0 : RETRY_MS;
    } catch (error) {
      if (failureKind(error) === 'transient') return RETRY_MS;
      this.logger.error(`erasure ${erasure.id}: ${(error as Error).message}; trying again in ${REST_MS} ms`);
      this.resting.set(erasure.id, Date.now() + REST_MS);
      return 0;
    }
  }

  /** What was accepted before the request has to be stored before it can be erased. */
  private async erase(erasure: Erasure): Promise<boolean> {
    if (!(await untilTaken(this.ingest, this.shutdown.signal))) return true;
    return this.eraser.erase(erasure);
  }
}
