import { Injectable } from '@nestjs/common';
import {
  EventChunks,
  type ExportFilter,
  type ExportFormat,
  type FileRequest,
  type Piece,
  piecesOf,
  type RunRead,
  startOf,
} from '#exports';
import { inTurn } from '../query/tenant-reads/in-turn.js';
import type { Reader } from '../query/tenant-reads/reader.js';
import { TenantReads } from '../query/tenant-reads/tenant-reads.js';

/** Reads and writes the pieces of exports. */
@Injectable()
export class EventExports {
  constructor(private readonly reads: TenantReads) {}

  /**
   * The pieces of an export. Each chunk of events is one query of the organization among its others, in its turn.
   * @throws Problem as `TenantReads.run`, but waits where that answers 429
   */
  pieces(
    reader: Reader,
    filter: ExportFilter,
    format: ExportFormat,
    file: FileRequest,
  ): AsyncGenerator<Piece> {
    const run: RunRead = (work) => inTurn(this.reads, reader, work);
    const shape = { rendering: format.rendering, columns: file.columns };
    const start = startOf(filter.from);
    const chunks = new EventChunks(run, reader.organizationId, filter, shape).after(start);
    return piecesOf(format.open(file), chunks, start);
  }
}
