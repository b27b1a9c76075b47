import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Compactor } from '#rollups';
import { pause } from '../persist/outlast.js';
import { Shutdown } from '../shutdown.js';

/**
 * Seconds between compactions. The longer, the more transactions share one update of a row; the shorter,
 * the fewer deltas a query adds up itself.
 */
const EVERY_MS = 10_000;

/** Folds deltas into rollups for as long as the process runs. Replicas take turns by organization. */
@Injectable()
export class CompactionLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CompactionLoop.name);
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly compactor: Compactor,
    private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    this.done = this.run();
  }

  /** Waits for the transaction that is under way; the signal keeps the loop from another. */
  onApplicationShutdown(): Promise<void> {
    return this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      await pause(EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        await this.compactor.compactAll(signal);
      } catch (error) {
        // The deltas stand as they were; the next round takes them.
        this.logger.warn(`compaction: ${(error as Error).message}`);
      }
    }
  }
}
