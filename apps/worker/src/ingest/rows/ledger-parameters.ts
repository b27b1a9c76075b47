import { int4Array, textArray, timestamptzArray, uuidArray } from '#batch';
import type { BinaryParameter } from '#database';
import type { PendingBatch } from './pending-batch.js';

/** Parameters to insert ledger rows, one per batch: its key, its counts, who sent it from where. */
export function ledgerParameters(batches: readonly PendingBatch[]): BinaryParameter[] {
  const counts = batches.map((batch) => batch.counts());
  return [
    ...batchKeyParameters(batches),
    int4Array(counts.map(({ stored }) => stored)),
    int4Array(counts.map(({ duplicate }) => duplicate)),
    int4Array(batches.map(({ encoded }, b) => counts[b]!.dead + (encoded.erased ?? 0))),
    textArray(batches.map(({ encoded }) => encoded.actor)),
    textArray(batches.map(({ encoded }) => encoded.clientAddress)),
  ];
}

/** Parameters to look up batches in the ledger: organizations, instants of receipt, ids. */
export function batchKeyParameters(batches: readonly PendingBatch[]): BinaryParameter[] {
  return [
    uuidArray(batches.map(({ encoded }) => encoded.organizationId)),
    timestamptzArray(batches.map(({ encoded }) => encoded.receivedAt)),
    uuidArray(batches.map(({ encoded }) => encoded.batchId)),
  ];
}
