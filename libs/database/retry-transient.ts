import { failureKind } from './sql-state.js';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5000;

/** The process is ending; the job stays with the queue. */
export class Interrupted extends Error {}

/**
 * Repeats `work` for as long as it fails transiently, waiting longer each time up to five seconds. A
 * database that is away for an hour costs no batch an attempt.
 *
 * @param onWait told of each failure and the milliseconds until the next try
 * @throws Interrupted when `signal` aborts; anything that is not transient
 */
export async function retryTransient<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: (error: Error, waitMs: number) => void,
): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      return await work();
    } catch (error) {
      if (failureKind(error) !== 'transient') throw error;
      if (signal.aborted) throw new Interrupted();
      onWait(error as Error, wait);
      await pause(wait, signal);
      if (signal.aborted) throw new Interrupted();
    }
  }
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
