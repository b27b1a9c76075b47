import type { Pool } from 'pg';
import { inTransaction } from '#database';
import {
  columnsNamed,
  EventChunks,
  type ExportRequest,
  formatNamed,
  piecesOf,
  type RunRead,
  startOf,
  WrittenExportStore,
} from '#exports';

/** Bytes of a part of a file. */
const PART_BYTES = 4 * 1024 * 1024;
/** Milliseconds that a statement may take. */
const READ = { mode: 'READ ONLY', settings: ['SET LOCAL statement_timeout = 30000'] };

/** Writes the files of exports into the database, part by part. */
export class ExportWriter {
  private readonly store: WrittenExportStore;

  /** @param pool acts as the worker's role */
  constructor(private readonly pool: Pool) {
    this.store = new WrittenExportStore(pool);
  }

  /**
   * Writes an export, or the rest of one that another worker has begun. Does nothing when it is finished or was removed.
   * @param signal aborts when the process is about to end; what was stored is gone on with by another worker
   * @throws the server's error; the signal's
   */
  async write(organizationId: string, id: string, signal: AbortSignal): Promise<void> {
    const begun = await this.store.begin(organizationId, id);
    if (!begun) return;
    const { format, filter, columns, options } = contentOf(begun.request);
    const run: RunRead = (work) => inTransaction(this.pool, work, { ...READ, signal });
    const start = begun.position ?? startOf(filter.from);
    const chunks = new EventChunks(run, organizationId, filter, {
      rendering: format.rendering,
      columns,
    }).after(start);
    const file = format.open({ columns, options }, begun.position ? begun.state : undefined);
    let { parts: part } = begun;
    let bytes: Buffer[] = [];
    for await (const piece of piecesOf(file, chunks, start, begun.position && begun.events)) {
      signal.throwIfAborted();
      bytes.push(piece.bytes);
      if (piece.upTo !== null && lengthOf(bytes) < PART_BYTES) continue;
      const { events, upTo: position } = piece;
      const whole = { part, bytes: Buffer.concat(bytes), events, position, state: file.state };
      if (!(await this.store.add(organizationId, id, whole))) return;
      part++;
      bytes = [];
    }
  }

  fail(organizationId: string, id: string): Promise<void> {
    return this.store.fail(organizationId, id);
  }
}

/** @throws Error when this version does not know the format or a column */
function contentOf({ format: name, filter, columns, options }: ExportRequest) {
  const format = formatNamed(name);
  if (!format) throw new Error(`this worker does not know the format ${name}`);
  return { format, filter, columns: columnsNamed(columns), options };
}

const lengthOf = (pieces: readonly Buffer[]) => pieces.reduce((sum, { length }) => sum + length, 0);
