import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';

/** Closes a BullMQ worker: running jobs may finish, the others are left to other processes. */
export class GracefulClose {
  private leave!: () => void;
  private readonly left = new Promise<void>((resolve) => {
    this.leave = resolve;
  });

  /**
   * For a job that cannot be finished because the database is down. It neither completes nor fails but stays
   * active; the queue redelivers it once this process has ended and the lock of the job has expired.
   */
  leaveToOthers(): Promise<never> {
    this.leave();
    return new Promise(() => {});
  }

  /**
   * Waits for running jobs, until one of them is left to others or the grace period ends.
   * @param graceMs milliseconds
   */
  async close(worker: Worker, graceMs: number): Promise<void> {
    const idle = await Promise.race([
      worker.pause().then(() => true),
      this.left.then(() => false),
      sleep(graceMs, false),
    ]);
    await worker.close(!idle);
  }
}
