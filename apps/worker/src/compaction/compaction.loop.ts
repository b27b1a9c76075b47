import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { pause } from '#database';
import { Compactor } from '#rollups';
import { Shutdown } from '../shutdown/shutdown.js';
import { DeltaSchedule } from './delta-schedule.js';

/**
 * Milliseconds between rounds. The longer, the more transactions share one update of a row (every 10 s took a tenth
 * of all CPU under full load); the shorter, the fewer deltas a query adds up itself. The deltaGroups of a round are spread
 * over this time, so that ingestion and queries never meet more than one.
 */
const EVERY_MS = 30_000;

/** Folds deltas into rollups for as long as the process runs. Replicas take turns by organization. */
@Injectable()
export class CompactionLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CompactionLoop.name);
  private readonly schedule = new DeltaSchedule();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly compactor: Compactor,
    private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    this.done = this.run();
  }

  /** Waits for the transaction that is under way, which the signal cuts short: under full load it takes 10 s. */
  onApplicationShutdown(): Promise<void> {
    return this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      const deltaGroups = this.schedule.due((await this.attempt(() => this.compactor.deltaGroups())) ?? []);
      for (const group of deltaGroups) {
        await this.attempt(() => this.compactor.compact(group, signal));
        await pause(EVERY_MS / deltaGroups.length, signal);
        if (signal.aborted) return;
      }
      if (deltaGroups.length === 0) await pause(EVERY_MS, signal);
    }
  }

  /** Deltas stand as they were when it fails; the next round takes them. */
  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!this.shutdown.signal.aborted) this.logger.warn(`compaction: ${(error as Error).message}`);
      return undefined;
    }
  }
}
