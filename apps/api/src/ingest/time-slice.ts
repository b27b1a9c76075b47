import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

/** Milliseconds for which a loop may hold the event loop. */
const SLICE_MS = 15;

/** Splits a long loop into time slices, between which other requests are served. */
export class TimeSlice {
  private end = performance.now() + SLICE_MS;

  /** @returns true when the loop should await `next` before it continues */
  isOver(): boolean {
    return performance.now() > this.end;
  }

  /** Resolves with a new slice, once the event loop has served every connection that has something to read. */
  async next(): Promise<void> {
    await yieldToEventLoop();
    this.end = performance.now() + SLICE_MS;
  }
}
