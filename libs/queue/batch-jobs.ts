import type { EncodedBatch } from '#batch';

/** A job of the ingest queue: batches that were accepted together. */
export interface IngestJob {
  readonly batches: readonly EncodedBatch[];
}

/** A job of the dead-letter queue: batches of an ingest job that failed, and why. */
export interface DeadLetterJob extends IngestJob {
  /** The data of an ingest job that could not be decoded; it has no batches then. */
  readonly text?: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

/** `job.data` of both: the columns as base64 apart from the rest of the batches. */
export interface BatchJobData {
  readonly columns: readonly string[];
  readonly batches: readonly BatchWithoutColumns[];
}

export type BatchWithoutColumns = Omit<EncodedBatch, 'columns'>;
