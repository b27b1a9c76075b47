import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import PQueue from 'p-queue';

/** Processes large requests one at a time, first in first out; small ones go in between. */
export class LargeRequests {
  private readonly queue = new PQueue({ concurrency: 1 });

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.add(async () => {
      // The request before has passed its events on by then, and others were served.
      await yieldToEventLoop();
      return work();
    });
  }
}
