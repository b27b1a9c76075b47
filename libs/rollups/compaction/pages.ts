/** A pending delta. */
export interface SizedDelta {
  readonly id: string;
  /** Stored size, compressed. */
  readonly bytes: number;
}

/** Divides deltas into pages of at most so many bytes; a larger delta has a page of its own. Keeps their order. Pure. */
export function* pagesOf(deltas: readonly SizedDelta[], mostBytes: number): Generator<SizedDelta[]> {
  let page: SizedDelta[] = [];
  let bytes = 0;
  for (const delta of deltas) {
    if (page.length > 0 && bytes + delta.bytes > mostBytes) {
      yield page;
      page = [];
      bytes = 0;
    }
    page.push(delta);
    bytes += delta.bytes;
  }
  if (page.length > 0) yield page;
}
