import type { ClientBase } from 'pg';
import { inTransaction } from '#database';
import type { RowsRule } from '../plan/rules.js';
import { BY_INDEX, inBatches } from '../transactions/batches.js';
import type { Run } from '../transactions/run.js';
import { ExpiredRowsStore, type Key } from './expired-rows.store.js';

/**
 * Deletes the expired rows of a rule.
 * @param organization its id; empty for a table without organizations
 * @param cutoff first instant that is kept, in milliseconds since the epoch
 * @returns how many rows were deleted
 */
export async function deleteRows(
  run: Run,
  rule: RowsRule,
  organization: Key,
  cutoff: number,
): Promise<number> {
  const store = new ExpiredRowsStore(rule, cutoff);
  let total = 0;
  const keysOf = (client: ClientBase) => store.keys(client, organization);
  for (const key of await inTransaction(run.pool, keysOf, { settings: BY_INDEX })) {
    // Each batch goes on where the last one stopped, so that none steps over what the others deleted.
    let from: string | null = null;
    total += await inBatches(run, async (client, size) => {
      const { rows, last } = await store.delete(client, key, from, size);
      from = last ?? from;
      return rows;
    });
  }
  return total;
}
