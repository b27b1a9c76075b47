import { randomUUID } from 'node:crypto';
import type { CountableEvent } from '#batch';
import { encodeBatch } from '#batch';
import type { IngestJob } from '#queue';

/** A job is written at once when none was in this time; what comes sooner shares the next one. */
const LINGER_MS = 5;
/** Events at which a job is written without waiting for its time. */
const FULL = 1000;
/** Jobs being written at once. */
const MAX_WRITES = 4;

interface Gathering {
  readonly batchId: string;
  readonly events: CountableEvent[];
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** The queue could not take the job. */
export class QueueUnavailable extends Error {}

/** Writes one job durably, or throws. */
export type AddJob = (jobId: string, job: IngestJob) => Promise<void>;

/**
 * Gathers accepted events into jobs. Every caller waits for the write of the job that holds its events,
 * all of them in one job, so nothing is ever half-taken.
 *
 * A lone request is written at once. Under load a job is written every few milliseconds and shared by all
 * that came meanwhile, events of one organization in one batch: single-event requests then cost a
 * fraction of a job each.
 */
export class BatchQueue {
  private gathering = new Map<string, Gathering>();
  private waiters: Waiter[] = [];
  private gathered = 0;
  private writes = 0;
  private lastWrite = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param clock milliseconds since the epoch */
  constructor(
    private readonly addJob: AddJob,
    private readonly clock: () => number = Date.now,
  ) {}

  /**
   * Resolves with the batch's id once its job is durable.
   * @throws QueueUnavailable
   */
  async add(organizationId: string, events: readonly CountableEvent[]): Promise<string> {
    const batch = this.batchOf(organizationId);
    for (const event of events) batch.events.push(event);
    this.gathered += events.length;
    const written = new Promise<void>((resolve, reject) => this.waiters.push({ resolve, reject }));
    this.schedule();
    await written;
    return batch.batchId;
  }

  /** Resolves when everything gathered so far has been written or refused. */
  async drain(): Promise<void> {
    while (this.waiters.length > 0 || this.writes > 0) {
      this.write();
      await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    }
  }

  private batchOf(organizationId: string): Gathering {
    let batch = this.gathering.get(organizationId);
    if (!batch) {
      batch = { batchId: randomUUID(), events: [] };
      this.gathering.set(organizationId, batch);
    }
    return batch;
  }

  private schedule(): void {
    if (this.writes >= MAX_WRITES) return;
    const due = this.lastWrite + LINGER_MS - this.clock();
    if (this.gathered >= FULL || due <= 0) {
      this.write();
    } else if (!this.timer) {
      this.timer = setTimeout(() => this.write(), due);
    }
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiters.length === 0) return;
    const { gathering, waiters } = this;
    this.gathering = new Map();
    this.waiters = [];
    this.gathered = 0;
    this.lastWrite = this.clock();
    this.writes++;
    void this.writeJob(gathering).then(
      () => {
        for (const waiter of waiters) waiter.resolve();
      },
      (error) => {
        for (const waiter of waiters) waiter.reject(error);
      },
    );
  }

  private async writeJob(gathering: ReadonlyMap<string, Gathering>): Promise<void> {
    try {
      const receivedAt = this.clock();
      const batches = [...gathering].map(([organizationId, { batchId, events }]) =>
        encodeBatch({ organizationId, batchId, receivedAt }, events),
      );
      await this.addJob(batches[0]!.batchId, { batches });
    } catch (error) {
      throw new QueueUnavailable((error as Error).message, { cause: error });
    } finally {
      this.writes--;
      if (this.waiters.length > 0) this.schedule();
    }
  }
}
