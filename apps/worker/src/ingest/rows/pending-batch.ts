import {
  type ColumnName,
  type Columns,
  decodeTextColumn,
  type EncodedBatch,
  elementOffsets,
  splitColumns,
} from '#batch';
import type { FoldInput } from '#rollups';

const TS_ELEMENT = 12;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** Columns that go to PostgreSQL as they are. */
export const ROW_COLUMNS = ['ts', 'id', 'type', 'userId', 'sessionId', 'src', 'payload'] as const;
export type RowColumn = (typeof ROW_COLUMNS)[number];

/** Why an event is not inserted. */
export const SKIP = { no: 0, duplicate: 1, dead: 2 } as const;

/** One batch of a transaction: its columns, and which of its events are left out of the insert. */
export class PendingBatch {
  readonly columns: Columns;
  /** A value of SKIP for each event. */
  readonly skipped: Uint8Array;

  constructor(readonly encoded: EncodedBatch) {
    this.columns = splitColumns(encoded.columns);
    this.skipped = new Uint8Array(encoded.count);
  }

  get count(): number {
    return this.encoded.count;
  }

  skippedAs(kind: number): number {
    let total = 0;
    for (const value of this.skipped) if (value === kind) total++;
    return total;
  }

  /** Encoded elements of one column for the events that are not skipped, in as few pieces as possible. */
  keptElements(name: RowColumn): Buffer[] {
    const column = this.columns[name];
    if (!this.skipped.some((value) => value !== SKIP.no)) return [column];
    const offsets = this.offsets(name);
    const pieces: Buffer[] = [];
    let start = -1;
    for (let i = 0; i <= this.count; i++) {
      const kept = i < this.count && this.skipped[i] === SKIP.no;
      if (kept && start < 0) start = i;
      if (!kept && start >= 0) {
        pieces.push(column.subarray(offsets[start], offsets[i]));
        start = -1;
      }
    }
    return pieces;
  }

  /** By which revision of its type each event that is not skipped was counted; null for a built-in type. */
  keptTypeRevisions(): (number | null)[] {
    const { series } = this.encoded;
    const none = !series.some(({ typeRevision }) => typeRevision !== undefined);
    if (none) return new Array<null>(this.skippedAs(SKIP.no)).fill(null);
    const revisions: (number | null)[] = [];
    for (let i = 0; i < this.count; i++) {
      if (this.skipped[i] !== SKIP.no) continue;
      revisions.push(series[this.columns.series.readUInt32LE(4 * i)]!.typeRevision ?? null);
    }
    return revisions;
  }

  /** Encoded elements of one column for the named events. */
  elementsOf(name: RowColumn, events: readonly number[]): Buffer[] {
    const offsets = this.offsets(name);
    return events.map((i) => this.columns[name].subarray(offsets[i], offsets[i + 1]));
  }

  /** What makes each of the named events the same as another: organization, ts and id. */
  identities(events: readonly number[]): string[] {
    if (events.length === 0) return [];
    const offsets = this.offsets('id');
    return events.map((i) => {
      const id = this.columns.id.toString('utf8', offsets[i]! + 4, offsets[i + 1]);
      return `${this.encoded.organizationId} ${this.tsOf(i)} ${id}`;
    });
  }

  private offsets(name: ColumnName): Uint32Array {
    return elementOffsets(this.columns[name], this.count);
  }

  /** Milliseconds since the epoch. */
  tsOf(i: number): number {
    const at = TS_ELEMENT * i + 4;
    const microseconds =
      this.columns.ts.readInt32BE(at) * 0x1_0000_0000 + this.columns.ts.readUInt32BE(at + 4);
    return microseconds / 1000 + POSTGRES_EPOCH_MS;
  }

  strings(name: 'id' | 'type' | 'userId' | 'sessionId' | 'src' | 'payload'): (string | null)[] {
    return decodeTextColumn(this.columns[name], this.count);
  }

  /** The view that counting needs. */
  foldInput(): FoldInput {
    const { count, columns, encoded } = this;
    const ts = new Float64Array(count);
    const seriesIndexes = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      ts[i] = this.tsOf(i);
      seriesIndexes[i] = columns.series.readUInt32LE(4 * i);
    }
    const values = new Float64Array(columns.values.length / 8);
    for (let i = 0; i < values.length; i++) values[i] = columns.values.readDoubleLE(8 * i);
    return {
      ...{ count, ts, seriesIndexes, values },
      userIds: this.strings('userId'),
      sessionIds: this.strings('sessionId'),
      series: encoded.series,
      sessionFacts: new Map(encoded.sessionFacts),
      skipped: this.skipped,
    };
  }
}
