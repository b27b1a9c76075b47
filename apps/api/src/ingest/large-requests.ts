import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/**
 * Processes large requests one at a time, first in first out; small ones go in between. Nothing refers to a
 * request that is done. With p-queue something did, and the API took half as much CPU again and 75 MB more
 * (docs/decisions/032-no-p-queue.md).
 */
export class LargeRequests {
  private last: Promise<void> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    // The request before has passed its events on by then, and others were served.
    const result = this.last.then(() => yieldToEventLoop()).then(work);
    this.last = result.then(ignore, ignore);
    return result;
  }
}

const ignore = () => {};
