import { setTimeout as sleep } from 'node:timers/promises';

/** The time as jobs and loops see it; tests pass one that they move themselves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after so many milliseconds.
   * @throws AbortError when the signal aborts
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Sleeping does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
};
