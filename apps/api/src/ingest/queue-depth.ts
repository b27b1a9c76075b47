import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Gauge, type Registry } from 'prom-client';

const EVERY_MS = 1000;

/** Watches how many jobs wait, so that intake can refuse before the queue's memory is full. */
export class QueueDepth {
  private readonly logger = new Logger(QueueDepth.name);
  private waiting = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly gauge: Gauge;

  /** @param highWaterMark jobs waiting at which no more are taken */
  constructor(
    private readonly queue: Pick<Queue, 'getWaitingCount'>,
    private readonly highWaterMark: number,
    registry: Registry,
  ) {
    this.gauge = new Gauge({
      name: 'millrace_queue_waiting_jobs',
      help: 'Jobs that wait for a worker, in the queue that all replicas share',
      registers: [registry],
    });
    this.timer = setInterval(() => void this.look(), EVERY_MS).unref();
  }

  isFull(): boolean {
    return this.waiting >= this.highWaterMark;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      this.waiting = await this.queue.getWaitingCount();
      this.gauge.set(this.waiting);
    } catch (error) {
      // The add itself will be refused while the queue is away; a stale depth does no harm.
      this.logger.debug(`queue depth unknown: ${(error as Error).message}`);
    }
  }
}
