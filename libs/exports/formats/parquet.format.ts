import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { copiedValues, instantOf } from '../reading/copied-values.js';
import type { Chunk } from '../reading/event-chunks.js';
import type { Column } from '../request/columns.js';
import type { ExportFile, ExportFormat } from './export-format.js';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const QUOTE = 0x22;
const JSON_NULL = Buffer.from('null');

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
  private readonly readers: readonly ReturnType<typeof readerOf>[];

  constructor(
    private readonly columns: readonly Column[],
    state?: ParquetState,
  ) {
    this.readers = columns.map(readerOf);
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

  async add({ bytes, events }: Pick<Chunk, 'bytes' | 'events'>): Promise<Buffer> {
    const rows = copiedValues(bytes, events);
    this.file.write({
      columnData: this.columns.map(({ name }, i) => ({
        name,
        data: rows.map(this.readers[i]!),
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

/** Reads the values of a column: bytes of text, or instants. */
function readerOf({ name, path }: Column, i: number): (values: readonly (Buffer | null)[]) => unknown {
  if (path) return (values) => fieldText(values[i]!);
  return INSTANTS.has(name) ? (values) => BigInt(instantOf(values[i]!)) : (values) => values[i];
}

/** A field of the payload: text as it is, all else as JSON. */
function fieldText(json: Buffer | null): Buffer | string | null {
  if (json === null || json.equals(JSON_NULL)) return null;
  return json[0] === QUOTE ? JSON.parse(json.toString()) : json;
}

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
    'JSON. Without its end, the file does not open.',
  options: [],
  isCompressed: true,
  rendering: 'values',
  open: ({ columns }, state) => new ParquetFile(columns, state as ParquetState | undefined),
};
