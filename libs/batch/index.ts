export { BatchReader } from './batch-reader.js';
export {
  binaryArray,
  int4Array,
  jsonbArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from './binary-array.js';
export { bufferPool, type PooledBytes } from './buffer-pool.js';
export { ROW_COLUMNS, type RowColumn, type TextColumn } from './column-layout.js';
export { encodeBatch } from './encode-batch.js';
export type {
  BatchHeader,
  CountableEvent,
  EncodedBatch,
  Sender,
  Series,
  SessionFact,
} from './event-batch.js';
export { extractDimensions, extractMeasures, extractSessionFact, own, type Payload } from './extract.js';
export type { IdentityHashes } from './identity-hashes.js';
export { keepEvents } from './keep-events.js';
