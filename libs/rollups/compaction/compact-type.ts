import { rollupRows } from './compact.js';
import type { CompactionStore } from './compaction.store.js';
import type { CompactionBounds } from './compaction-bounds.js';
import { compare, MergedSeries } from './merged-series.js';
import { pagesOf } from './pages.js';

/**
 * Compacts the oldest deltas of a type into rollups. What it holds in memory is bounded, however many there are.
 * @returns the number compacted
 * @throws the signal's reason, as soon as it aborts
 */
export async function compactType(
  store: CompactionStore,
  type: string,
  windows: readonly number[],
  bounds: CompactionBounds,
  signal?: AbortSignal,
): Promise<number> {
  const deltas = await store.oldestDeltas(type, bounds.deltas);
  const merged = new MergedSeries();
  const minutes = new Set<number>();
  const write = async () => {
    // Buckets of a series side by side share rows of the wider windows.
    const buckets = [...merged.buckets()].sort((a, b) => compare(a.dimensions, b.dimensions));
    for (let at = 0; at < buckets.length; at += bounds.bucketsAtOnce) {
      await store.addRollups(rollupRows(type, buckets.slice(at, at + bounds.bucketsAtOnce), windows), signal);
    }
    for (const { bucket } of buckets) minutes.add(bucket);
    merged.clear();
  };
  for (const page of pagesOf(deltas, bounds.pageBytes)) {
    for (const series of await store.series(type, page)) merged.add(series);
    if (merged.size > bounds.buckets) await write();
  }
  await write();
  await store.markRowBlocks([...minutes]);
  await store.removeDeltas(type, deltas);
  return deltas.length;
}
