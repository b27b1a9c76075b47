import type { Queue } from 'bullmq';
import { Gauge, type Registry } from 'prom-client';
import { Loop } from '#jobs';

const EVERY_MS = 1000;

/**
 * Watches how many jobs wait, so that intake can refuse before the queue's memory is full, and whether workers take
 * them: while they do, the oldest waiting job keeps changing.
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
  }

  isFull(): boolean {
    return this.waiting >= this.highWaterMark;
  }

  /** Milliseconds for which the same job has been the next one to be taken; 0 when none waits. */
  stuckFor(): number {
    return this.oldest === undefined ? 0 : this.clock() - this.oldestSince;
  }

  start(): void {
    this.loop.start();
  }

  /** Does not wait for an answer that is under way: BullMQ never gives it once the queue is being closed. */
  close(): void {
    void this.loop.stop();
  }

  /** Looks now. While the queue is away the last depth stays: adding a job will be refused anyway. */
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
