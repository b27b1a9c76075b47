import { setTimeout as sleep } from 'node:timers/promises';
import { failureKind } from './sql-state.js';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5000;

/** The process is shutting down; the work was not done. */
export class Interrupted extends Error {}

/**
 * Retries `work` while it fails transiently, with growing waits: a database that is down for an hour uses up
 * no attempt of a job. Started work is never interrupted.
 *
 * @param signal aborts when the process shuts down
 * @param onWait called after each failure, with the milliseconds until the retry
 * @throws Interrupted when the signal aborts before a retry; any error that is not transient, without a retry
 */
export async function retryTransient<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onWait: (error: Error, waitMs: number) => void,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (failureKind(error) !== 'transient') throw error;
      if (signal.aborted) throw new Interrupted();
      const waitMs = waitAfter(failures);
      onWait(error as Error, waitMs);
      await sleep(waitMs, undefined, { signal }).catch(() => {
        throw new Interrupted();
      });
    }
  }
}

/** @returns milliseconds to wait before the retry, after the given number of earlier failures */
export const waitAfter = (failures: number) => Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
