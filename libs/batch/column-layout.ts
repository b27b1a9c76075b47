import type { ElementType } from './binary-array.js';
import { bufferPool, type PooledBytes } from './buffer-pool.js';

/**
 * Columns that hold PostgreSQL array elements, with their type: the worker copies them into a statement
 * without looking inside.
 */
export const ROW_COLUMNS = {
  ts: 'timestamptz',
  id: 'text',
  type: 'text',
  userId: 'text',
  sessionId: 'text',
  src: 'text',
  payload: 'json',
} as const satisfies Readonly<Record<string, ElementType>>;
export type RowColumn = keyof typeof ROW_COLUMNS;
/** Row columns that hold strings. */
export type TextColumn = Exclude<RowColumn, 'ts'>;

/** All columns in their order: the row columns, a uint32 LE per event, a float64 LE per event and measure. */
export const COLUMNS = [...(Object.keys(ROW_COLUMNS) as RowColumn[]), 'series', 'values'] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** Bytes of an element of `ts`: an int32 length and the timestamptz. */
export const TS_ELEMENT = 12;
/** Bytes of an element of `series`. */
export const SERIES_ELEMENT = 4;
/** Bytes of an element of `values`. */
export const VALUE_ELEMENT = 8;

const DIRECTORY = 4 * COLUMNS.length;

/**
 * Joins columns into one buffer: a directory of their lengths (uint32 LE), then the columns.
 * @param columns bytes, or strings of one character per byte
 */
export function joinColumns(columns: Readonly<Record<ColumnName, Buffer | string>>): PooledBytes {
  const total = COLUMNS.reduce((sum, name) => sum + columns[name].length, DIRECTORY);
  const joined = bufferPool.lend(total);
  const { bytes } = joined;
  let offset = DIRECTORY;
  COLUMNS.forEach((name, i) => {
    const column = columns[name];
    bytes.writeUInt32LE(column.length, 4 * i);
    offset += typeof column === 'string' ? bytes.write(column, offset, 'latin1') : column.copy(bytes, offset);
  });
  return joined;
}

/** Start of each column in joined bytes, and the end of the last one. */
export function columnOffsets(bytes: Buffer): number[] {
  const offsets = [DIRECTORY];
  for (let i = 0; i < COLUMNS.length; i++) offsets.push(offsets[i]! + bytes.readUInt32LE(4 * i));
  return offsets;
}

/** One column of joined bytes, without copying. */
export function columnOf(bytes: Buffer, offsets: readonly number[], name: ColumnName): Buffer {
  const i = COLUMNS.indexOf(name);
  return bytes.subarray(offsets[i], offsets[i + 1]);
}
