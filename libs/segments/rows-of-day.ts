import type { Pool } from 'pg';
import { inTransaction } from '#database';
import { lockCompaction } from '#rollups';
import type { Day } from './closing.store.js';
import { RowBlocksStore, type StaleBlock } from './row-blocks.store.js';
import type { SpanEnd } from './span.js';

/** Blocks of one transaction, which keeps compaction waiting. */
export const MOST_BLOCKS = 32;
/** A block at the end of a slot has at least this part of the usual rows; fewer rows wait for others. */
const SMALLEST_PART = 1 / 20;

/** A part of a day. */
export interface Slot {
  readonly end: Date;
  /** Whether it is over, so that all of its rows get into blocks. */
  readonly isOver: boolean;
}

/** Makes the blocks of rows of one organization on one day. */
export class RowsOfDay {
  /** Whether rows have no filter yet that should have one. */
  areBehind = false;
  /** End of the last block. */
  private end: SpanEnd;
  private readonly fewestRows: number;

  constructor(
    private readonly pool: Pool,
    private readonly organizationId: string,
    private readonly day: Day,
    private readonly blockRows: number,
  ) {
    this.end = { ts: day.from, id: '' };
    this.fewestRows = Math.ceil(blockRows * SMALLEST_PART);
  }

  /**
   * Makes stale filters again, and finds out whether rows before an instant have no filter.
   * @returns how many blocks were made; from `MOST_BLOCKS` on, there may be more stale ones
   */
  refresh(before: Date): Promise<number> {
    return this.locked(async (store) => {
      let made = 0;
      for (const block of await store.stale(this.day, MOST_BLOCKS)) {
        if (made < MOST_BLOCKS) made += await this.remake(store, block);
      }
      this.end = await store.end(this.day);
      this.areBehind = await store.has(
        this.fewestRows,
        this.end,
        before < this.day.to ? start(before) : start(this.day.to),
      );
      return made;
    });
  }

  /**
   * Puts the rows of a slot into blocks.
   * @returns how many blocks were made; `MOST_BLOCKS`: there may be more rows
   */
  async extend({ end, isOver }: Slot): Promise<number> {
    if (this.end.ts >= end) return 0;
    return this.locked(async (store) => {
      const until = start(end);
      const rest = async () =>
        isOver && (await store.has(this.fewestRows, this.end, until)) ? store.addRest(this.end, until) : null;
      // Somebody else may have made blocks meanwhile.
      this.end = await store.end(this.day);
      for (let made = 0; made < MOST_BLOCKS; made++) {
        const added = (await store.add(this.blockRows, this.end, until)) ?? (await rest());
        if (!added) return made;
        this.end = added;
      }
      return MOST_BLOCKS;
    });
  }

  /**
   * Makes a stale filter again, and divides a block that has grown to twice its size. One that has grown to many times
   * its size stays stale until the next transaction goes on.
   * @returns how many blocks were made
   */
  private async remake(store: RowBlocksStore, { after, last }: StaleBlock): Promise<number> {
    let begin = after;
    for (let made = 0; made < MOST_BLOCKS; made++) {
      const isLarge = await store.has(2 * this.blockRows, begin, last);
      const added = isLarge ? await store.add(this.blockRows, begin, last) : null;
      if (!added) {
        await store.refresh(begin, last);
        return made + 1;
      }
      begin = added;
    }
    await store.shorten(begin, last);
    return MOST_BLOCKS;
  }

  /** Runs a transaction with the compaction lock; 0 when another one has it. */
  private locked(work: (store: RowBlocksStore) => Promise<number>): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      if (!(await lockCompaction(client, this.organizationId))) return 0;
      const store = new RowBlocksStore(client, this.organizationId);
      await store.prepare();
      return work(store);
    });
  }
}

/** The position before all events of an instant. */
const start = (ts: Date): SpanEnd => ({ ts, id: '' });
