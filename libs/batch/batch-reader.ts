import { readTimestamptz } from './binary-array.js';
import {
  type ColumnName,
  columnOf,
  columnOffsets,
  type RowColumn,
  SERIES_ELEMENT,
  type TextColumn,
  TS_ELEMENT,
  VALUE_ELEMENT,
} from './column-layout.js';
import type { EncodedBatch } from './event-batch.js';
import { type IdentityHashes, identityHashes } from './identity-hashes.js';
import { decodeTextColumn, elementOffsets } from './text-column.js';

/** Reads the columns of a batch. Every method throws once the columns have been released. */
export class BatchReader {
  readonly count: number;
  private readonly offsets: readonly number[];

  constructor(private readonly batch: EncodedBatch) {
    this.count = batch.count;
    this.offsets = columnOffsets(batch.columns.bytes);
  }

  /** Milliseconds since the epoch, one per event. */
  instants(): Float64Array {
    const column = this.column('ts');
    const instants = new Float64Array(this.count);
    for (let i = 0; i < this.count; i++) instants[i] = readTimestamptz(column, TS_ELEMENT * i + 4);
    return instants;
  }

  /** Index in the batch's `series`, one per event. */
  seriesIndexes(): Uint32Array {
    const column = this.column('series');
    const indexes = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) indexes[i] = column.readUInt32LE(SERIES_ELEMENT * i);
    return indexes;
  }

  /** For each event one value per measure of its series; NaN where the event has none. */
  values(): Float64Array {
    const column = this.column('values');
    const values = new Float64Array(column.length / VALUE_ELEMENT);
    for (let i = 0; i < values.length; i++) values[i] = column.readDoubleLE(VALUE_ELEMENT * i);
    return values;
  }

  strings(name: TextColumn): (string | null)[] {
    return decodeTextColumn(this.column(name), this.count);
  }

  /**
   * Array elements of some events, as PostgreSQL expects them: in as few pieces as possible, without copying.
   * @param events ascending
   */
  elements(name: RowColumn, events: readonly number[]): Buffer[] {
    const column = this.column(name);
    if (events.length === this.count) return [column];
    const offsets = elementOffsets(column, this.count);
    const pieces: Buffer[] = [];
    for (let first = 0, next = 0; first < events.length; first = next) {
      do next++;
      while (next < events.length && events[next] === events[next - 1]! + 1);
      pieces.push(column.subarray(offsets[events[first]!], offsets[events[next - 1]! + 1]));
    }
    return pieces;
  }

  /** The identity of some events as one string each: organization, instant and id. */
  identities(events: readonly number[]): string[] {
    if (events.length === 0) return [];
    const instants = this.instants();
    const ids = this.strings('id');
    return events.map((i) => `${this.batch.organizationId} ${instants[i]} ${ids[i]}`);
  }

  identityHashes(): IdentityHashes {
    return identityHashes(this.batch.organizationId, this.column('ts'), this.column('id'), this.count);
  }

  private column(name: ColumnName): Buffer {
    return columnOf(this.batch.columns.bytes, this.offsets, name);
  }
}
