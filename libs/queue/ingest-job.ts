import type { EncodedBatch } from '#batch';

/** Data of one job of the ingest queue: the batches that were accepted together. */
export interface IngestJob {
  readonly batches: readonly EncodedBatch[];
}

/** Data of one job of the dead-letters queue: a job that failed, and why. */
export interface DeadLetterJob extends IngestJob {
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}
