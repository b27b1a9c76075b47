import { jsonbArray, textArray, timestamptzArray, uuidArray } from '#batch';
import type { BinaryParameter } from '#database';
import { DeadLetterDocuments } from './dead-letter-document.js';
import type { PendingBatch } from './pending-batch.js';

/** An event that cannot be stored, and why. */
export interface DeadEvent {
  readonly batch: PendingBatch;
  readonly index: number;
  /** SQLSTATE, or `ts_out_of_range`. */
  readonly code: string;
  readonly reason: string;
}

/** Parameters to insert dead letters, one row per event. */
export function deadLetterParameters(dead: readonly DeadEvent[]): BinaryParameter[] {
  const documents = new DeadLetterDocuments();
  return [
    uuidArray(dead.map(({ batch }) => batch.encoded.organizationId)),
    uuidArray(dead.map(({ batch }) => batch.encoded.batchId)),
    timestamptzArray(dead.map(({ batch }) => batch.encoded.receivedAt)),
    textArray(dead.map(({ code }) => code)),
    textArray(dead.map(({ reason }) => reason)),
    jsonbArray(dead.map(({ batch, index }) => documents.of(batch, index))),
  ];
}
