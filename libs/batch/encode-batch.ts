import { writeTimestamptz } from './binary-array.js';
import { joinColumns, SERIES_ELEMENT, TS_ELEMENT, VALUE_ELEMENT } from './column-layout.js';
import type { BatchHeader, CountableEvent, EncodedBatch, Series, SessionFact } from './event-batch.js';
import { textColumn } from './text-column.js';

/** Encodes validated events in the format of the queue and of the PostgreSQL parameters. */
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
      series: encodeSeriesIndexes(indexes),
      values: encodeValues(events.map((event) => event.values)),
    }),
  };
}

function encodeTimestamps(events: readonly CountableEvent[]): Buffer {
  const column = Buffer.allocUnsafe(TS_ELEMENT * events.length);
  events.forEach((event, i) => {
    column.writeInt32BE(8, TS_ELEMENT * i);
    writeTimestamptz(event.ts, column, TS_ELEMENT * i + 4);
  });
  return column;
}

function indexSeries(events: readonly CountableEvent[]): { indexes: number[]; series: Series[] } {
  const known = new Map<Series, number>();
  const series: Series[] = [];
  const indexes = events.map((event) => {
    let index = known.get(event.series);
    if (index === undefined) {
      index = series.push(event.series) - 1;
      known.set(event.series, index);
    }
    return index;
  });
  return { indexes, series };
}

/** The `series` column. */
export function encodeSeriesIndexes(indexes: readonly number[]): Buffer {
  const column = Buffer.allocUnsafe(SERIES_ELEMENT * indexes.length);
  indexes.forEach((index, i) => {
    column.writeUInt32LE(index, SERIES_ELEMENT * i);
  });
  return column;
}

/** The `values` column. */
export function encodeValues(valuesByEvent: readonly (readonly number[])[]): Buffer {
  const total = valuesByEvent.reduce((sum, values) => sum + values.length, 0);
  const column = Buffer.allocUnsafe(VALUE_ELEMENT * total);
  let offset = 0;
  for (const values of valuesByEvent) {
    for (const value of values) offset = column.writeDoubleLE(value, offset);
  }
  return column;
}
