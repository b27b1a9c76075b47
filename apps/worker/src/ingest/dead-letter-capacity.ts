import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Queue, Worker } from 'bullmq';

const CHECK_EVERY_MS = 1000;

/** Keeps the dead-letter queue from overflowing: while it is full, no job is consumed. */
export class DeadLetterCapacity {
  private readonly logger = new Logger(DeadLetterCapacity.name);
  private full = false;

  /** @param size most jobs in the dead-letter queue */
  constructor(
    private readonly queue: Queue,
    private readonly size: number,
  ) {}

  /** True while consumption is paused because the queue is full. */
  isFull(): boolean {
    return this.full;
  }

  /** Pauses the worker until there is room. Resolves with false when the process ends first. */
  async wait(worker: Worker, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const counts = await this.queue.getJobCounts();
      const held = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (held < this.size) {
        this.resume(worker);
        return true;
      }
      await this.pause(worker, held);
      await sleep(CHECK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
    return false;
  }

  private async pause(worker: Worker, held: number): Promise<void> {
    if (this.full) return;
    this.full = true;
    this.logger.fatal(`the dead-letter queue is full (${held} of ${this.size} jobs): consumption stops`);
    await worker.pause(true);
  }

  private resume(worker: Worker): void {
    if (!this.full) return;
    this.full = false;
    this.logger.log('the dead-letter queue has room again: resuming');
    worker.resume();
  }
}
