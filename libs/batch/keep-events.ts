import { BatchReader } from './batch-reader.js';
import { joinColumns, ROW_COLUMNS, type RowColumn } from './column-layout.js';
import { encodeSeriesIndexes, encodeValues } from './encode-batch.js';
import type { EncodedBatch } from './event-batch.js';

/**
 * A batch with only some of the events; it contains nothing of the others.
 * @returns a batch with its own memory
 */
export function keepEvents(batch: EncodedBatch, isKept: (index: number) => boolean): EncodedBatch {
  const reader = new BatchReader(batch);
  const kept = Array.from({ length: batch.count }, (_, i) => i).filter(isKept);
  const oldIndexes = reader.seriesIndexes();
  const keptSeries = [...new Set(kept.map((i) => oldIndexes[i]!))];
  const values = valuesByEvent(batch, reader);
  const facts = new Map(batch.sessionFacts);
  const rows = (Object.keys(ROW_COLUMNS) as RowColumn[]).map(
    (name) => [name, Buffer.concat(reader.elements(name, kept))] as const,
  );
  return {
    ...batch,
    count: kept.length,
    series: keptSeries.map((index) => batch.series[index]!),
    sessionFacts: kept.flatMap((i, n) => (facts.has(i) ? [[n, facts.get(i)!] as const] : [])),
    columns: joinColumns({
      ...(Object.fromEntries(rows) as Record<RowColumn, Buffer>),
      series: encodeSeriesIndexes(kept.map((i) => keptSeries.indexOf(oldIndexes[i]!))),
      values: encodeValues(kept.map((i) => values[i]!)),
    }),
  };
}

function valuesByEvent(batch: EncodedBatch, reader: BatchReader): number[][] {
  const values = reader.values();
  let at = 0;
  return Array.from(reader.seriesIndexes(), (index) => {
    const start = at;
    at += batch.series[index]!.measures.length;
    return [...values.subarray(start, at)];
  });
}
