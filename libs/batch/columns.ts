import { writeTimestamptz } from './binary-array.js';
import { bufferPool } from './buffer-pool.js';
import type { BatchHeader, CountableEvent, EncodedBatch, Series, SessionFact } from './event-batch.js';
import { textColumn } from './text-column.js';

/** The columns of a batch in PostgreSQL's element encoding, in this order in the encoded form. */
export const COLUMNS = [
  'ts',
  'id',
  'type',
  'userId',
  'sessionId',
  'src',
  'payload',
  'series',
  'values',
] as const;
export type ColumnName = (typeof COLUMNS)[number];
export type Columns = Readonly<Record<ColumnName, Buffer>>;

const TS_ELEMENT = 12;
const DIRECTORY = 4 * COLUMNS.length;

/**
 * Turns validated events into the form that travels through the queue to PostgreSQL untouched:
 * a directory of nine column lengths (uint32 LE), then the columns. `series` holds a uint32 LE for
 * each event, `values` a float64 LE for each measure of the event's series; the others are array
 * elements that the worker hands on without looking inside. Their memory is lent by the pool.
 */
export function encodeBatch(header: BatchHeader, events: readonly CountableEvent[]): EncodedBatch {
  const { indexes, series } = indexSeries(events);
  return {
    ...header,
    count: events.length,
    series,
    sessionFacts: events.flatMap((event, i): [number, SessionFact][] =>
      event.sessionFact ? [[i, event.sessionFact]] : [],
    ),
    columns: joinColumns({
      ts: encodeTimestamps(events),
      id: textColumn(events.map((event) => event.id)),
      type: textColumn(events.map((event) => event.type)),
      userId: textColumn(events.map((event) => event.userId)),
      sessionId: textColumn(events.map((event) => event.sessionId)),
      src: textColumn(events.map((event) => event.src)),
      payload: textColumn(events.map((event) => event.payloadJson)),
      series: indexes,
      values: encodeValues(events),
    }),
  };
}

/** Bytes, or text with a byte in each character, written once into one buffer. */
export function joinColumns(columns: Readonly<Record<ColumnName, Buffer | string>>): Buffer {
  const total = COLUMNS.reduce((sum, name) => sum + columns[name].length, DIRECTORY);
  const joined = bufferPool.take(total);
  let offset = DIRECTORY;
  COLUMNS.forEach((name, i) => {
    const column = columns[name];
    joined.writeUInt32LE(column.length, 4 * i);
    offset +=
      typeof column === 'string' ? joined.write(column, offset, 'latin1') : column.copy(joined, offset);
  });
  return joined;
}

/** Splits the encoded form into its columns, without copying. */
export function splitColumns(bytes: Buffer): Columns {
  const columns: Partial<Record<ColumnName, Buffer>> = {};
  let offset = DIRECTORY;
  COLUMNS.forEach((name, i) => {
    const end = offset + bytes.readUInt32LE(4 * i);
    columns[name] = bytes.subarray(offset, end);
    offset = end;
  });
  return columns as Columns;
}

function encodeTimestamps(events: readonly CountableEvent[]): Buffer {
  const column = Buffer.allocUnsafe(TS_ELEMENT * events.length);
  events.forEach((event, i) => {
    column.writeInt32BE(8, TS_ELEMENT * i);
    writeTimestamptz(event.ts, column, TS_ELEMENT * i + 4);
  });
  return column;
}

function indexSeries(events: readonly CountableEvent[]): { indexes: Buffer; series: Series[] } {
  const known = new Map<Series, number>();
  const series: Series[] = [];
  const indexes = Buffer.allocUnsafe(4 * events.length);
  events.forEach((event, i) => {
    let index = known.get(event.series);
    if (index === undefined) {
      index = series.push(event.series) - 1;
      known.set(event.series, index);
    }
    indexes.writeUInt32LE(index, 4 * i);
  });
  return { indexes, series };
}

function encodeValues(events: readonly CountableEvent[]): Buffer {
  const total = events.reduce((sum, event) => sum + event.values.length, 0);
  const column = Buffer.allocUnsafe(8 * total);
  let offset = 0;
  for (const event of events) {
    for (const value of event.values) offset = column.writeDoubleLE(value, offset);
  }
  return column;
}
