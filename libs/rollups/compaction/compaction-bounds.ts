/** What compaction takes on at a time. */
export interface CompactionBounds {
  /** Deltas of one transaction; bounds its duration. */
  readonly deltas: number;
  /** Stored bytes of the series that are parsed at a time, compressed to a fifth or so. */
  readonly pageBytes: number;
  /** Base buckets in memory, half a kilobyte each. More of them are added to rollups in several rounds. */
  readonly buckets: number;
  /** Base buckets whose rollup rows are made at a time: up to five windows of each measure. */
  readonly bucketsAtOnce: number;
}

export const USUAL_BOUNDS: CompactionBounds = {
  deltas: 500,
  pageBytes: 128 * 1024,
  buckets: 10_000,
  bucketsAtOnce: 1000,
};
