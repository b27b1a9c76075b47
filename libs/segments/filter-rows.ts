import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { lockCompaction } from '#rollups';
import { ClosingStore, type Day } from './closing.store.js';
import { openDays, RowBlocksStore, type StaleBlock } from './row-blocks.store.js';

/** Rows of a block: 4,000 take a millisecond to read. */
const BLOCK_ROWS = 4000;
/** Blocks of one transaction, which keeps compaction waiting. */
const MOST_BLOCKS = 8;

export interface FilterOptions {
  /** Only rows before this instant get into new blocks: compaction makes blocks stale in which rows still arrive. */
  readonly before: Date;
  readonly blockRows?: number;
  /** Called after each transaction with its milliseconds; false ends the run. */
  readonly pause?: (milliseconds: number) => Promise<boolean>;
}

/**
 * Puts rows of days that are not closed into blocks with filters, and makes stale filters again. Organizations that are
 * being compacted are left to the next run.
 * @returns how many blocks were made
 */
export async function filterRows(pool: Pool, options: FilterOptions): Promise<number> {
  const { blockRows = BLOCK_ROWS, pause = async () => true } = options;
  const closing = new ClosingStore(pool);
  let made = 0;
  for (const day of await openDays(pool)) {
    for (
      let id = await closing.nextOrganization(day, null);
      id;
      id = await closing.nextOrganization(day, id)
    ) {
      for (let blocks = MOST_BLOCKS; blocks === MOST_BLOCKS; ) {
        const begun = performance.now();
        blocks = await makeBlocks(pool, id, day, { ...options, blockRows });
        made += blocks;
        if (blocks > 0 && !(await pause(performance.now() - begun))) return made;
      }
    }
  }
  return made;
}

function makeBlocks(
  pool: Pool,
  organizationId: string,
  day: Day,
  { before, blockRows }: { readonly before: Date; readonly blockRows: number },
): Promise<number> {
  return inTransaction(pool, async (client) => {
    if (!(await lockCompaction(client, organizationId))) return 0;
    const store = new RowBlocksStore(client, organizationId);
    await store.prepare();
    let made = 0;
    for (const block of await store.stale(day, MOST_BLOCKS)) {
      if (made < MOST_BLOCKS) made += await remake(store, block, blockRows);
    }
    const until = { ts: before < day.to ? before : day.to, id: '' };
    let end = await store.end(day);
    while (made < MOST_BLOCKS) {
      const added = await store.add(blockRows, end, until);
      if (!added) return made;
      end = added;
      made++;
    }
    return made;
  });
}

/**
 * Makes the filter of a stale block again, and divides a block that has grown to twice its size. One that has grown to many
 * times its size stays stale until the next transaction goes on.
 * @returns how many blocks were made
 */
async function remake(
  store: RowBlocksStore,
  { after, last }: StaleBlock,
  blockRows: number,
): Promise<number> {
  let begin = after;
  for (let made = 0; made < MOST_BLOCKS; made++) {
    const added = (await store.has(2 * blockRows, begin, last))
      ? await store.add(blockRows, begin, last)
      : null;
    if (!added) {
      await store.refresh(begin, last);
      return made + 1;
    }
    begin = added;
  }
  await store.shorten(begin, last);
  return MOST_BLOCKS;
}
