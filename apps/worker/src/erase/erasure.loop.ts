import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import { pause } from '../persist/outlast.js';
import type { Shutdown } from '../shutdown.js';
import type { Eraser } from './eraser.js';
import { type Erasure, nextErasure } from './erasure.store.js';
import { untilTaken } from './until-taken.js';

/** Milliseconds between looks for requests; whoever has made one waits for seconds at most. */
const LOOK_EVERY_MS = 500;
/** Milliseconds until a request is tried again that another transaction was in the way of. */
const RETRY_MS = 100;

/**
 * Erases whom the API was asked to, for as long as the process runs. A request stands until it is done, whatever
 * happens to the worker that took it; of several workers one does it.
 */
export class ErasureLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ErasureLoop.name);
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

  onApplicationShutdown(): Promise<void> {
    return this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      let wait = LOOK_EVERY_MS;
      try {
        const erasure = await nextErasure(this.pool);
        if (erasure) wait = (await this.erase(erasure)) ? 0 : RETRY_MS;
      } catch (error) {
        this.logger.warn(`erasure: ${(error as Error).message}; trying again`);
      }
      if (wait > 0) await pause(wait, signal);
    }
  }

  /** What was accepted before the request has to be stored before it can be erased. */
  private async erase(erasure: Erasure): Promise<boolean> {
    if (!(await untilTaken(this.ingest, this.shutdown.signal))) return true;
    return this.eraser.erase(erasure);
  }
}
