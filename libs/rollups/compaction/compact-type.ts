import { rollupRows } from './compact.js';
import type { CompactionStore } from './compaction.store.js';
import { compare, MergedSeries } from './merged-series.js';
import { pagesOf } from './pages.js';

/** Stored bytes of the deltas that are read at a time, compressed to a fifth or so. */
const PAGE_BYTES = 128 * 1024;
/** Base buckets in memory, half a kilobyte each. More of them are added to rollups in several rounds. */
const MOST_BUCKETS = 10_000;
/** Base buckets whose rollup rows are made at a time, up to five windows of each measure. */
const BUCKETS_AT_ONCE = 1000;

/**
 * Compacts the oldest deltas of a type into rollups. Holds a page of deltas and `MOST_BUCKETS` in memory, however many there
 * are.
 * @param limit most deltas to compact
 * @returns the number compacted, at most `limit`
 * @throws the signal's reason, as soon as it aborts
 */
export async function compactType(
  store: CompactionStore,
  type: string,
  limit: number,
  windows: readonly number[],
  signal?: AbortSignal,
): Promise<number> {
  const deltas = await store.oldestDeltas(type, limit);
  const merged = new MergedSeries();
  const minutes = new Set<number>();
  const write = async () => {
    // Buckets of a series side by side share rows of the wider windows.
    const buckets = [...merged.buckets()].sort((a, b) => compare(a.dimensions, b.dimensions));
    for (let at = 0; at < buckets.length; at += BUCKETS_AT_ONCE) {
      await store.addRollups(rollupRows(type, buckets.slice(at, at + BUCKETS_AT_ONCE), windows), signal);
    }
    for (const { bucket } of buckets) minutes.add(bucket);
    merged.clear();
  };
  for (const page of pagesOf(deltas, PAGE_BYTES)) {
    for (const series of await store.series(type, page)) merged.add(series);
    if (merged.size > MOST_BUCKETS) await write();
  }
  await write();
  await store.markRowBlocks([...minutes]);
  await store.removeDeltas(type, deltas);
  return deltas.length;
}
