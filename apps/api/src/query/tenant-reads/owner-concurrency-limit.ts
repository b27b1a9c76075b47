import PQueue from 'p-queue';

export interface ConcurrencyLimits {
  /** Most running work of one owner. */
  readonly concurrency: number;
  /** Most waiting work of one owner. */
  readonly maxWaiting: number;
  /** Milliseconds after which waiting work is rejected. */
  readonly maxWaitMs: number;
}

/** The work was not started: its owner has too much running or waiting. */
export class ConcurrencyLimitExceeded extends Error {}

/** Per-owner concurrency limit, first in first out. */
export class OwnerConcurrencyLimit {
  private readonly queues = new Map<string, PQueue>();

  constructor(private readonly limits: ConcurrencyLimits) {}

  /** @throws ConcurrencyLimitExceeded when too much is waiting, or the work has waited for too long */
  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(owner) ?? this.open(owner);
    if (queue.size >= this.limits.maxWaiting) throw new ConcurrencyLimitExceeded();
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(new ConcurrencyLimitExceeded()), this.limits.maxWaitMs);
    const start = () => {
      clearTimeout(timer);
      return work();
    };
    return queue.add(start, { signal: waiting.signal });
  }

  private open(owner: string): PQueue {
    const queue = new PQueue({ concurrency: this.limits.concurrency });
    queue.once('idle', () => this.queues.delete(owner));
    this.queues.set(owner, queue);
    return queue;
  }
}
