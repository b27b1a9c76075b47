/** Milliseconds of work after which others have their turn. */
const TURN_MS = 15;

/**
 * Shares the event loop out: one large request at a time, and none for longer than a turn while others wait.
 */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /** Runs work alone, after all that asked before, in a turn of its own. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(nextTurn).then(work);
    this.last = result.then(ignore, ignore);
    return result;
  }
}

/** Says when a loop has had its turn. */
export class Turn {
  private end = performance.now() + TURN_MS;

  /** @returns true when the caller should await `next` before it goes on */
  isOver(): boolean {
    return performance.now() > this.end;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.end = performance.now() + TURN_MS;
  }
}

/** Resolves after the event loop has looked at every connection. */
export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const ignore = () => {};
