import type { Queue } from 'bullmq';
import { Gauge, type Registry } from 'prom-client';
import { Loop } from '#jobs';

const EVERY_MS = 1000;

/**
 * Watches how many jobs wait, so that intake can refuse before the queue's memory is full, and whether
 * workers consume them: while they do, the oldest waiting job keeps changing.
 */
export class QueueWatch {
  private waiting = 0;
  private oldest: string | undefined;
  private oldestSince = 0;
  private readonly gauge: Gauge;
  private readonly loop = new Loop({
    name: QueueWatch.name,
    everyMs: EVERY_MS,
    run: () => this.measure(),
  });

  /**
   * @param highWaterMark waiting jobs at which the queue counts as full
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
      help: 'Jobs waiting for a worker, in the queue that all replicas share',
      registers: [registry],
    });
  }

  isFull(): boolean {
    return this.waiting >= this.highWaterMark;
  }

  /** Milliseconds for which the same job has been the next one to process; 0 when none waits. */
  stuckFor(): number {
    return this.oldest === undefined ? 0 : this.clock() - this.oldestSince;
  }

  start(): void {
    this.loop.start();
  }

  /** Does not wait for a pending look-up: BullMQ never answers it once the queue is being closed. */
  close(): void {
    void this.loop.stop();
  }

  /** Reads the queue now. While it is down the last depth is kept: adding a job will fail anyway. */
  look(): Promise<void> {
    return this.loop.run();
  }

  private async measure(): Promise<void> {
    const [waiting, [oldest]] = await Promise.all([
      this.queue.getWaitingCount(),
      this.queue.getRanges(['waiting'], 0, 0, true),
    ]);
    this.waiting = waiting;
    this.gauge.set(waiting);
    if (oldest !== this.oldest) this.oldestSince = this.clock();
    this.oldest = oldest;
  }
}
