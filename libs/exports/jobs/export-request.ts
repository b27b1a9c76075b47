import type { FileOptions } from '../formats/export-format.js';
import type { ExportFilter } from '../request/export-filter.js';

/** An export that was asked for as a job, as it is stored. */
export interface ExportRequest {
  /** Name of the format. */
  readonly format: string;
  readonly filter: ExportFilter;
  /** Names of the columns; null: those of every event. */
  readonly columns: readonly string[] | null;
  readonly options: FileOptions;
}
