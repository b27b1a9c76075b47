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

interface Owner {
  running: number;
  /** Starts the work that waits, in order of arrival. */
  readonly waiting: Set<() => void>;
}

/** Per-owner concurrency limit, first in first out. */
export class OwnerConcurrencyLimit {
  private readonly owners = new Map<string, Owner>();

  constructor(private readonly limits: ConcurrencyLimits) {}

  /** @throws ConcurrencyLimitExceeded when too much is waiting, or the work has waited for too long */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const owner = this.owners.get(name) ?? { running: 0, waiting: new Set() };
    this.owners.set(name, owner);
    if (owner.running < this.limits.concurrency) owner.running++;
    else await this.slot(owner);
    try {
      return await work();
    } finally {
      const [next] = owner.waiting;
      // The next one takes over the slot.
      if (next) next();
      else if (--owner.running === 0) this.owners.delete(name);
    }
  }

  /** Resolves when the owner has a free slot. */
  private slot({ waiting }: Owner): Promise<void> {
    if (waiting.size >= this.limits.maxWaiting) throw new ConcurrencyLimitExceeded();
    return new Promise((resolve, reject) => {
      const leave = (settle: () => void) => {
        clearTimeout(timer);
        waiting.delete(start);
        settle();
      };
      const start = () => leave(resolve);
      const giveUp = () => leave(() => reject(new ConcurrencyLimitExceeded()));
      const timer = setTimeout(giveUp, this.limits.maxWaitMs);
      waiting.add(start);
    });
  }
}
