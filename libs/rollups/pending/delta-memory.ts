import { LRUCache } from 'lru-cache';
import { type Merging, RememberedDeltas, type StoredDelta } from './remembered-deltas.js';

/** Remembers deltas between the transactions that read them, and merges them. */
export class DeltaMemory<Item> {
  private readonly remembered: LRUCache<string, RememberedDeltas<Item>>;

  /** @param maxSize items in memory */
  constructor(
    private readonly merging: Merging<Item>,
    maxSize: number,
  ) {
    this.remembered = new LRUCache({ maxSize, sizeCalculation: ({ size }) => Math.max(1, size) });
  }

  /**
   * All deltas that a transaction sees.
   * @param key what they belong to
   * @param ids of the deltas that the transaction sees
   * @param read reads deltas by id
   */
  async deltas(
    key: string,
    ids: readonly number[],
    read: (ids: readonly number[]) => AsyncIterable<readonly StoredDelta<Item>[]>,
  ): Promise<RememberedDeltas<Item>> {
    let deltas = (this.remembered.get(key) ?? RememberedDeltas.none(this.merging)).seenBy(new Set(ids));
    const missing = deltas.without(ids);
    if (missing.length > 0) {
      for await (const page of read(missing)) deltas = deltas.with(page);
      // Of readers at the same time, the one with the latest snapshot wins.
      if (deltas.lastId > (this.remembered.get(key)?.lastId ?? 0)) this.remembered.set(key, deltas);
    }
    return deltas;
  }
}
