import type { Pool } from 'pg';
import { ClosingStore, type Day } from './closing.store.js';
import { openDays } from './row-blocks.store.js';
import { MOST_BLOCKS, RowsOfDay, type Slot } from './rows-of-day.js';

/** Rows of a block. With 4,000, a usual user had rows in nearly every block (docs/decisions/038-blocks-of-rows.md). */
const BLOCK_ROWS = 1000;
/**
 * At the end of each part of a day, all organizations get blocks of what they have. Their rows lie on the same pages: one
 * organization after the other for the whole day reads most pages once per row, 15 µs of CPU.
 */
const SLOT_MS = 30 * 60_000;

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
  const { before, blockRows = BLOCK_ROWS, pause = async () => true } = options;
  const closing = new ClosingStore(pool);
  let total = 0;
  /** Repeats a transaction until it makes fewer blocks than it may; resolves with false at the end of the run. */
  const repeat = async (transaction: () => Promise<number>) => {
    for (let made = MOST_BLOCKS; made >= MOST_BLOCKS; ) {
      const begun = performance.now();
      made = await transaction();
      total += made;
      if (made > 0 && !(await pause(performance.now() - begun))) return false;
    }
    return true;
  };
  for (const day of await openDays(pool)) {
    const behind: RowsOfDay[] = [];
    for (
      let id = await closing.nextOrganization(day, null);
      id;
      id = await closing.nextOrganization(day, id)
    ) {
      const rows = new RowsOfDay(pool, id, day, blockRows);
      if (!(await repeat(() => rows.refresh(before)))) return total;
      if (rows.areBehind) behind.push(rows);
    }
    for (const slot of slotsOf(day, before)) {
      for (const rows of behind) if (!(await repeat(() => rows.extend(slot)))) return total;
    }
  }
  return total;
}

/** The parts of a day before an instant. */
function* slotsOf({ from, to }: Day, before: Date): Generator<Slot> {
  const end = Math.min(before.getTime(), to.getTime());
  for (let at = from.getTime() + SLOT_MS; at <= end; at += SLOT_MS) yield { end: new Date(at), isOver: true };
  yield { end: new Date(end), isOver: false };
}
