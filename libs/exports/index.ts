export type { ExportFile, ExportFormat, FileOptions, FileRequest } from './formats/export-format.js';
export { exportFormats, formatNamed } from './formats/list.js';
export { type Chunk, EventChunks, type RunRead } from './reading/event-chunks.js';
export { type Position, progressAt, startOf } from './reading/position.js';
export { type Column, defaultColumns, MAX_COLUMNS, parseColumns } from './request/columns.js';
export type { ExportFilter } from './request/export-filter.js';
export { type Piece, piecesOf } from './writing/pieces.js';
