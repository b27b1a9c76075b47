import type { ClientBase } from 'pg';
import { inTransaction } from '#database';
import type { Run } from './run.js';

/** What a batch deletes at first. */
const FIRST_SIZE = 500;
const LARGEST_SIZE = 20_000;
/** Milliseconds that a batch should take. */
const TARGET_MS = 400;
/** No batch may take longer: PostgreSQL cancels it, and a smaller one follows. */
const LONGEST_MS = 1800;
const QUERY_CANCELED = '57014';

/** Statements follow an index, whatever the statistics say: each batch would scan or sort the table again. */
export const BY_INDEX = ['SET LOCAL enable_seqscan = off', 'SET LOCAL enable_sort = off'];
const SETTINGS = [`SET LOCAL statement_timeout = ${LONGEST_MS}`, ...BY_INDEX];

/** Size of the next batch, after one of `size` rows took so many milliseconds. At most doubles. Pure. */
export function nextBatchSize(size: number, tookMs: number): number {
  const fitting = Math.floor(size * Math.min(2, Math.max(0.25, TARGET_MS / Math.max(tookMs, 1))));
  return Math.min(LARGEST_SIZE, Math.max(1, fitting));
}

/**
 * Deletes in transactions of at most two seconds, with pauses as long as the work.
 * @param deleteSome deletes at most `size` rows; resolves with their number, or with null to be asked again later
 * @returns how many rows were deleted
 * @throws the signal's reason; the server's error
 */
export async function inBatches(
  { pool, signal, pause }: Run,
  deleteSome: (client: ClientBase, size: number) => Promise<number | null>,
): Promise<number> {
  let total = 0;
  for (let size = FIRST_SIZE; ; ) {
    signal.throwIfAborted();
    const began = performance.now();
    try {
      const rows = await inTransaction(pool, (client) => deleteSome(client, size), { settings: SETTINGS });
      total += rows ?? 0;
      if (rows !== null && rows < size) return total;
      const tookMs = performance.now() - began;
      if (rows !== null) size = nextBatchSize(size, tookMs);
      await pause(rows === null ? TARGET_MS : tookMs);
    } catch (error) {
      if ((error as { code?: string }).code !== QUERY_CANCELED || size === 1) throw error;
      size = nextBatchSize(size, LONGEST_MS);
    }
  }
}
