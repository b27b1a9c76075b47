export {
  binaryArray,
  int4Array,
  jsonbArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from './binary-array.js';
export { bufferPool } from './buffer-pool.js';
export { COLUMNS, type ColumnName, type Columns, encodeBatch, splitColumns } from './columns.js';
export type {
  BatchHeader,
  CountableEvent,
  EncodedBatch,
  Sender,
  Series,
  SessionFact,
} from './event-batch.js';
export { extractDimensions, extractMeasures, extractSessionFact, own, type Payload } from './extract.js';
export { keepEvents } from './keep-events.js';
export { decodeTextColumn, elementOffsets, encodeTextColumn } from './text-column.js';
