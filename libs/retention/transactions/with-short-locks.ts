import type { ClientBase } from 'pg';
import { inTransaction } from '#database';
import type { Run } from './run.js';

/** Milliseconds that a transaction waits for the lock of a table, and lets others wait behind it. */
export const LOCK_MS = 50;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** Some ten minutes in all: an export or an erasure may hold a lock for that long. */
const MOST_ATTEMPTS = 120;
/** The lock was not to be had; or two transactions waited for each other. */
const NOT_AVAILABLE = new Set(['55P03', '40P01']);

/**
 * Runs a transaction that takes locks with a timeout of `LOCK_MS`, again and again until it gets them. So nobody waits for
 * long behind its requests.
 * @throws the server's error, 55P03 after ten minutes; the signal's reason
 */
export async function withShortLocks<T>(
  { pool, signal, pause }: Run,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await inTransaction(pool, work);
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (!NOT_AVAILABLE.has(code) || attempt === MOST_ATTEMPTS) throw error;
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));
  }
}
