import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column } from '../request/columns.js';
import type { ExportFile, ExportFormat } from './export-format.js';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

interface ParquetState {
  /** Bytes written. */
  readonly offset: number;
  readonly events: number;
  /** JSON of the row groups, with `n` after large integers. */
  readonly rowGroups: string;
}

/** A Parquet file, a row group for every piece. */
class ParquetFile implements ExportFile {
  private readonly bytes = new ByteWriter();
  private readonly file: ParquetWriter;

  constructor(
    private readonly columns: readonly Column[],
    state?: ParquetState,
  ) {
    this.file = new ParquetWriter({ writer: this.bytes, schema: schemaOf(columns), statistics: false });
    if (state) {
      // The file has its magic number.
      this.bytes.index = 0;
      this.bytes.offset = state.offset;
      this.file.row_groups = JSON.parse(state.rowGroups, revived);
      this.file.num_rows = BigInt(state.events);
    }
  }

  get state(): ParquetState {
    return {
      offset: this.bytes.offset,
      events: Number(this.file.num_rows),
      rowGroups: JSON.stringify(this.file.row_groups, replaced),
    };
  }

  begin(): Buffer {
    return this.taken();
  }

  async add(lines: string): Promise<Buffer> {
    const rows = JSON.parse(`[${lines}]`) as unknown[][];
    this.file.write({
      columnData: this.columns.map(({ name, path }, i) => ({
        name,
        data: rows.map(path ? (values) => fieldText(values[i]) : (values) => values[i]),
        // Never worth a dictionary.
        ...(name === 'id' || name === 'payload' ? { encoding: 'PLAIN' as const } : {}),
        offsetIndex: false,
      })),
      rowGroupSize: rows.length,
    });
    this.file.pendingIndexes = [];
    return this.taken();
  }

  async end(): Promise<Buffer> {
    this.file.finish();
    return this.taken();
  }

  /** The bytes since the last call. */
  private taken(): Buffer {
    const bytes = Buffer.from(this.bytes.getBytes());
    this.bytes.index = 0;
    return bytes;
  }
}

/** A field of the payload: text as it is, everything else as JSON. */
const fieldText = (value: unknown) =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value);

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'events', num_children: columns.length }, ...columns.map(elementOf)];
}

function elementOf({ name }: Column): SchemaElement {
  const repetition_type = REQUIRED.has(name) ? 'REQUIRED' : 'OPTIONAL';
  return INSTANTS.has(name)
    ? { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type }
    : { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
}

const REQUIRED: ReadonlySet<string> = new Set(['id', 'ts', 'received_at', 'type', 'payload']);
const INSTANTS: ReadonlySet<string> = new Set(['ts', 'received_at']);

const replaced = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
const revived = (_key: string, value: unknown) =>
  typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;

/** Apache Parquet, compressed with Snappy. */
export const parquet: ExportFormat = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  description:
    'Apache Parquet with Snappy. Instants are timestamps in UTC; all other columns are text, `payload` and its objects as ' +
    'JSON. The file is complete if it opens: its table of contents is at its end.',
  options: [],
  isCompressed: true,
  lines: { kind: 'array', separator: ',' },
  open: ({ columns }, state) => new ParquetFile(columns, state as ParquetState | undefined),
};
