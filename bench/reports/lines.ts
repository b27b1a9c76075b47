import type { Line } from '../report.js';

/** The table of `npm run bench -- reports`. */
export const REPORT_LINES: readonly Line[] = [
  ['weekly report over 5 million events, as an answer of the API', 'report_seconds', 's', 'under 10'],
  ['    CPU: API', 'report_api_cpu_seconds', 's'],
  ['    CPU: PostgreSQL', 'report_postgres_cpu_seconds', 's'],
  ['    memory of the API, at most', 'report_rss_mb', 'MB', 'under 256'],
  ['its page, first', 'first_html_ms', 'ms'],
  ['    once charts are loaded', 'html_ms', 'ms'],
  ['    CSV', 'csv_ms', 'ms'],
  ['    XLSX', 'xlsx_ms', 'ms'],
  ['    memory of the API after all of them, at most', 'files_rss_mb', 'MB', 'under 256'],
];
