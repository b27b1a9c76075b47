import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { Problem } from '../../http/problem.js';
import type { Reader } from './reader.js';
import type { TenantReads } from './tenant-reads.js';

/** Milliseconds until a part is asked for again, when the organization has too many queries running. */
const PAUSE_MS = 500;

/**
 * Reads a part of a long answer: one query of the organization among its others, in its turn.
 * @throws Problem as `TenantReads.run`, but waits where that answers 429
 */
export async function inTurn<T>(
  reads: TenantReads,
  reader: Reader,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await reads.run(reader, work);
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'too_many_queries')) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
