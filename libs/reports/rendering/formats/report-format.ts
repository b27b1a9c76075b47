import type { StoredReport } from '../../stored/revision.js';

/** A format in which reports can be downloaded. */
export interface ReportFormat {
  /** In URLs and file names. */
  readonly name: string;
  readonly mediaType: string;
  readonly description: string;
  /** Browsers show it rather than save it. */
  readonly isInline: boolean;
  /** Its files have one table of the report, which the client chooses. */
  readonly hasOneTable: boolean;
  /**
   * The file of a report. Equal reports make equal files.
   * @param table the name of one of `REPORT_TABLES`, for formats that have one table
   */
  readonly render: (report: StoredReport, table: string) => Promise<string | Buffer>;
}
