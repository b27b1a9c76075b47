import type { Rendering } from '../reading/columns.read-model.js';
import type { Chunk } from '../reading/event-chunks.js';
import type { Column } from '../request/columns.js';

/** What a client chose beside columns and filter. */
export interface FileOptions {
  /** Begin with a byte order mark, by which spreadsheet programs recognize UTF-8. */
  readonly bom: boolean;
  /** End with a line that says that the file is complete. */
  readonly end_line: boolean;
}

/** The shape of a file. */
export interface FileRequest {
  readonly columns: readonly Column[];
  readonly options: FileOptions;
}

/** A file that is being written. What it returns are the next bytes of the file; it holds none back. */
export interface ExportFile {
  /** What stands in front of the first event. */
  begin(): Buffer;
  /** Some events, rendered as the format says. */
  add(chunk: Pick<Chunk, 'bytes' | 'events'>): Promise<Buffer>;
  /**
   * What makes the file complete.
   * @param events in the file
   */
  end(events: number): Promise<Buffer>;
  /** All that another process needs to go on writing; plain JSON. */
  readonly state: unknown;
}

/** A format of exports: one file in this folder, and one line in `formats.ts`. */
export interface ExportFormat {
  /** Also the extension of file names. */
  readonly name: string;
  readonly mediaType: string;
  /** For the documentation: what is particular, and what says that a file is complete. */
  readonly description: string;
  /** Options that the format has. */
  readonly options: readonly (keyof FileOptions)[];
  /** Whether compressing it once more would gain nothing. */
  readonly isCompressed: boolean;
  readonly rendering: Rendering;
  /** @param state of a file that another process has begun */
  open(request: FileRequest, state?: unknown): ExportFile;
}
