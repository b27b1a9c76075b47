import { Logger } from '@nestjs/common';
import type { Queue, Worker } from 'bullmq';
import { pause } from '#database';

const LOOK_EVERY_MS = 1000;

/** Keeps the dead-letter queue from overflowing: a full one stops consumption until someone makes room. */
export class DeadLetterRoom {
  private readonly logger = new Logger(DeadLetterRoom.name);
  private full = false;

  /** @param size jobs the dead-letter queue holds at most */
  constructor(
    private readonly queue: Queue,
    private readonly size: number,
  ) {}

  /** True while consumption stands still for want of room. */
  isFull(): boolean {
    return this.full;
  }

  /** Resolves true once there is room, false when the process ends before that. */
  async wait(worker: Worker, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const counts = await this.queue.getJobCounts();
      const held = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (held < this.size) {
        this.reopen(worker);
        return true;
      }
      await this.close(worker, held);
      await pause(LOOK_EVERY_MS, signal);
    }
    return false;
  }

  private async close(worker: Worker, held: number): Promise<void> {
    if (this.full) return;
    this.full = true;
    this.logger.fatal(`the dead-letter queue is full (${held} of ${this.size} jobs): consumption stops`);
    await worker.pause(true);
  }

  private reopen(worker: Worker): void {
    if (!this.full) return;
    this.full = false;
    this.logger.log('there is room in the dead-letter queue: consumption goes on');
    worker.resume();
  }
}
