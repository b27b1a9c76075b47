import { LRUCache } from 'lru-cache';

const NONE: ReadonlySet<string> = new Set();

/**
 * Caches which series are counted separately, so that the database is asked about each only once. When full, drops
 * the least recently used types and days.
 */
export class AdmittedSeries {
  private readonly scopes: LRUCache<string, Set<string>>;

  /** @param maxSeries series cached, at some 100 bytes each */
  constructor(maxSeries: number) {
    this.scopes = new LRUCache({ maxSize: maxSeries });
  }

  /** @param scope an organization's type on a day */
  of(scope: string): ReadonlySet<string> {
    return this.scopes.get(scope) ?? NONE;
  }

  add(scope: string, series: string): void {
    const known = this.scopes.get(scope) ?? new Set();
    known.add(series);
    // lru-cache takes over a new size only with a new entry.
    this.scopes.delete(scope);
    this.scopes.set(scope, known, { size: known.size });
  }
}
