/**
 * Remembers series that are known to be counted apart, so that the database is asked about each only once: the
 * least recently seen types and days are forgotten first.
 */
export class AdmittedSeries {
  private readonly scopes = new Map<string, Set<string>>();
  private size = 0;

  /** @param most series remembered; each takes some 100 bytes */
  constructor(private readonly most: number) {}

  /** @param scope an organization's type on a day */
  of(scope: string): ReadonlySet<string> {
    const series = this.scopes.get(scope) ?? new Set();
    this.scopes.delete(scope);
    this.scopes.set(scope, series);
    return series;
  }

  add(scope: string, series: string): void {
    const known = this.scopes.get(scope) ?? new Set();
    this.scopes.set(scope, known);
    if (known.has(series)) return;
    known.add(series);
    this.size++;
    for (const [oldest, forgotten] of this.scopes) {
      if (this.size <= this.most) break;
      this.scopes.delete(oldest);
      this.size -= forgotten.size;
    }
  }
}
