import { setTimeout as sleep } from 'node:timers/promises';

/** The clock of jobs and loops; tests pass one that they control. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after the given milliseconds.
   * @throws AbortError when the signal aborts
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Sleeping does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
};
