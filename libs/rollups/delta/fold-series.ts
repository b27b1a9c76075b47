import type { Series } from '#batch';
import { Measurement, type MeasurementJson } from '../measurement/measurement.js';
import type { SeriesDelta } from './delta.js';
import type { FoldInput } from './fold-input.js';
import { BASE_SECONDS } from './windows.js';

/** Events of one series in one base bucket. */
interface Cell {
  readonly bucket: number;
  events: number;
  /** By measure of the series. */
  readonly measurements: (Measurement | undefined)[];
}

/** Counts a batch by series and base bucket, and appends the deltas to those of their type. */
export function foldSeries(batch: FoldInput, types: Map<string, SeriesDelta[]>): void {
  const cells: Map<number, Cell>[] = batch.series.map(() => new Map());
  let at = 0;
  for (let i = 0; i < batch.count; i++) {
    const index = batch.seriesIndexes[i]!;
    const width = batch.series[index]!.measures.length;
    if (!batch.skipped[i]) {
      const cell = cellOf(cells[index]!, bucketOf(batch.ts[i]!), width);
      cell.events++;
      for (let m = 0; m < width; m++) {
        const value = batch.values[at + m]!;
        if (Number.isNaN(value)) continue;
        let measurement = cell.measurements[m];
        if (!measurement) {
          measurement = new Measurement();
          cell.measurements[m] = measurement;
        }
        measurement.add(value);
      }
    }
    at += width;
  }
  batch.series.forEach((series, index) => {
    for (const cell of cells[index]!.values()) append(types, series.type, toDelta(series, cell));
  });
}

const bucketOf = (epochMs: number) => Math.floor(epochMs / (BASE_SECONDS * 1000)) * BASE_SECONDS;

function cellOf(cells: Map<number, Cell>, bucket: number, width: number): Cell {
  let cell = cells.get(bucket);
  if (!cell) {
    cell = { bucket, events: 0, measurements: new Array(width) };
    cells.set(bucket, cell);
  }
  return cell;
}

function toDelta(series: Series, cell: Cell): SeriesDelta {
  const measured: Record<string, MeasurementJson> = {};
  series.measures.forEach((name, m) => {
    const measurement = cell.measurements[m];
    if (measurement) measured[name] = measurement.toJSON();
  });
  return { d: series.dimensions, t: cell.bucket, c: cell.events, m: measured };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
