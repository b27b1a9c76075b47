import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Gauge, type Registry } from 'prom-client';

const EVERY_MS = 1000;

/**
 * Watches how many jobs wait, so that intake can refuse before the queue's memory is full, and whether anybody takes
 * them: the oldest of those that wait is another one every moment while somebody does.
 */
export class QueueWatch {
  private readonly logger = new Logger(QueueWatch.name);
  private waiting = 0;
  private oldest: string | undefined;
  private oldestSince = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly gauge: Gauge;

  /**
   * @param highWaterMark jobs waiting at which no more are taken
   * @param clock milliseconds
   */
  constructor(
    private readonly queue: Pick<Queue, 'getWaitingCount' | 'getRanges'>,
    private readonly highWaterMark: number,
    registry: Registry,
    private readonly clock: () => number = () => performance.now(),
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

  /** Milliseconds for which the same job has been the next one to be taken; 0 when none waits. */
  stuckFor(): number {
    return this.oldest === undefined ? 0 : this.clock() - this.oldestSince;
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Looks now; otherwise it happens every second. */
  async look(): Promise<void> {
    try {
      const [waiting, [oldest]] = await Promise.all([
        this.queue.getWaitingCount(),
        this.queue.getRanges(['waiting'], 0, 0, true),
      ]);
      this.waiting = waiting;
      this.gauge.set(waiting);
      if (oldest !== this.oldest) this.oldestSince = this.clock();
      this.oldest = oldest;
    } catch (error) {
      // The add itself will be refused while the queue is away; a stale depth does no harm.
      this.logger.debug(`queue depth unknown: ${(error as Error).message}`);
    }
  }
}
