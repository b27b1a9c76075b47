import { COLUMNS, type ColumnName, joinColumns, splitColumns } from './columns.js';
import type { EncodedBatch } from './event-batch.js';
import { elementOffsets } from './text-column.js';

/** The same batch with some of its events only; of the others nothing is left. */
export function keepEvents(batch: EncodedBatch, isKept: (index: number) => boolean): EncodedBatch {
  const kept = Array.from({ length: batch.count }, (_, i) => i).filter(isKept);
  const columns = splitColumns(batch.columns);
  const oldSeries = Array.from({ length: batch.count }, (_, i) => columns.series.readUInt32LE(4 * i));
  const series = [...new Set(kept.map((i) => oldSeries[i]!))];
  const widths = oldSeries.map((index) => 8 * batch.series[index]!.measures.length);
  const valueOffsets = [0];
  for (const width of widths) valueOffsets.push(valueOffsets.at(-1)! + width);
  const pick = (name: ColumnName, offsets: ArrayLike<number>) =>
    Buffer.concat(kept.map((i) => columns[name].subarray(offsets[i], offsets[i + 1])));
  const indexes = Buffer.alloc(4 * kept.length);
  kept.forEach((i, n) => {
    indexes.writeUInt32LE(series.indexOf(oldSeries[i]!), 4 * n);
  });
  const picked = COLUMNS.map((name) => {
    if (name === 'series') return [name, indexes];
    return [name, pick(name, name === 'values' ? valueOffsets : elementOffsets(columns[name], batch.count))];
  });
  const facts = new Map(batch.sessionFacts);
  return {
    ...batch,
    count: kept.length,
    series: series.map((index) => batch.series[index]!),
    sessionFacts: kept.flatMap((i, n) => (facts.has(i) ? [[n, facts.get(i)!] as const] : [])),
    columns: joinColumns(Object.fromEntries(picked) as Record<ColumnName, Buffer>),
  };
}
