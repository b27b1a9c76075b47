/** A stored delta: what one transaction added, item by item. It never changes. */
export interface StoredDelta<Item> {
  readonly id: number;
  readonly items: readonly Item[];
}

/** How deltas of one kind are merged. */
export interface Merging<Item> {
  /** Merges items that belong together. */
  merge(items: readonly Item[]): Item[];
  /** The newest deltas are not merged, because older snapshots do not see them; the next merge waits for as many again. */
  readonly newest: number;
}

/** Merging touches all merged items, so it waits until it adds a fourth. */
const WORTHWHILE = 4;

/** Items of deltas of one kind, merged but for the newest. Immutable. */
export class RememberedDeltas<Item> implements Iterable<Item> {
  private constructor(
    private readonly merging: Merging<Item>,
    private readonly merged: readonly Item[],
    private readonly mergedIds: ReadonlySet<number>,
    /** By id. */
    private readonly recent: readonly StoredDelta<Item>[],
  ) {}

  static none<Item>(merging: Merging<Item>): RememberedDeltas<Item> {
    return new RememberedDeltas<Item>(merging, [], new Set(), []);
  }

  /** Items in memory. */
  get size(): number {
    return this.merged.length + itemsIn(this.recent);
  }

  /** The greatest id; 0: none. */
  get lastId(): number {
    return this.recent.at(-1)?.id ?? 0;
  }

  /** Those of the ids that are not among them. */
  without(ids: readonly number[]): number[] {
    const recent = new Set(this.recent.map(({ id }) => id));
    return ids.filter((id) => !this.mergedIds.has(id) && !recent.has(id));
  }

  /** What a snapshot sees of them. Merged deltas cannot be taken apart: if one is not seen, all are forgotten. */
  seenBy(ids: ReadonlySet<number>): RememberedDeltas<Item> {
    const recent = this.recent.filter(({ id }) => ids.has(id));
    for (const id of this.mergedIds) {
      if (!ids.has(id)) return new RememberedDeltas(this.merging, [], new Set(), recent);
    }
    return new RememberedDeltas(this.merging, this.merged, this.mergedIds, recent);
  }

  with(found: readonly StoredDelta<Item>[]): RememberedDeltas<Item> {
    const recent = [...this.recent, ...found].sort((a, b) => a.id - b.id);
    const { merge, newest } = this.merging;
    if (recent.length <= 2 * newest || itemsIn(recent) * WORTHWHILE < this.merged.length) {
      return new RememberedDeltas(this.merging, this.merged, this.mergedIds, recent);
    }
    const older = recent.slice(0, -newest);
    return new RememberedDeltas(
      this.merging,
      merge([...this.merged, ...older.flatMap(({ items }) => items)]),
      new Set([...this.mergedIds, ...older.map(({ id }) => id)]),
      recent.slice(-newest),
    );
  }

  /** All items; some of them belong together. */
  *[Symbol.iterator](): Generator<Item> {
    yield* this.merged;
    for (const { items } of this.recent) yield* items;
  }
}

const itemsIn = (deltas: readonly StoredDelta<unknown>[]) =>
  deltas.reduce((sum, { items }) => sum + items.length, 0);
