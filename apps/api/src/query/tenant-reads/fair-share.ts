export interface Share {
  /** What one owner may have under way. */
  readonly atOnce: number;
  readonly mostWaiting: number;
  /** Milliseconds that work waits for its turn. */
  readonly patienceMs: number;
}

/** Work was not begun: its owner has too much of it. */
export class TooManyWaiting extends Error {}

interface Owner {
  running: number;
  readonly waiting: (() => void)[];
}

/** Has everyone's work wait for their own, first come, first served. */
export class FairShare {
  private readonly owners = new Map<string, Owner>();

  constructor(private readonly share: Share) {}

  /** @throws TooManyWaiting */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const owner = this.owners.get(name) ?? { running: 0, waiting: [] };
    this.owners.set(name, owner);
    if (owner.running >= this.share.atOnce) await this.turn(owner);
    else owner.running++;
    try {
      return await work();
    } finally {
      const next = owner.waiting.shift();
      // Whoever is next takes the place over.
      if (next) next();
      else if (--owner.running === 0) this.owners.delete(name);
    }
  }

  private turn({ waiting }: Owner): Promise<void> {
    if (waiting.length >= this.share.mostWaiting) throw new TooManyWaiting();
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new TooManyWaiting());
      }, this.share.patienceMs);
      waiting.push(begin);
    });
  }
}
