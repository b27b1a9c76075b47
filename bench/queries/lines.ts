import type { Line } from '../report.js';

/** The table of `npm run bench -- queries`. */
export const QUERY_LINES: readonly Line[] = [
  ['hourly p95 by command, 7 days', 'hourly_p95_ms', 'ms', 'at most 20'],
  ['    p99 of 101', 'hourly_p95_p99_ms', 'ms', 'at most 50'],
  ['dashboard of 30 days', 'dashboard_ms', 'ms', 'at most 40'],
  ['1,000 raw events at any depth', 'page_ms', 'ms', 'at most 50'],
  ['listing of a user, session or type with few matches', 'sparse_listing_ms', 'ms', 'at most 150'],
  ['top 20 of 10,000 series, 30 days', 'top_series_ms', 'ms', 'at most 400'],
  ['active users by month, 30 days', 'monthly_actives_ms', 'ms', 'at most 80'],
  ['funnel of three steps, 7 days', 'funnel_ms', 'ms', 'at most 2,000'],
  ['slowest of the other queries of the contract', 'slowest_other_ms', 'ms', 'under 1,000'],
  ['64 readers while 30,000 events a second come in, p99', 'mixed_p99_ms', 'ms', 'at most 400'],
  ['    events taken, against without readers', 'ingest_under_reads_ratio', '', 'at least 0.9'],
  ['export of 5 million events: the API grows by', 'export_rss_growth_mb', 'MB', 'less than 48'],
  ['    CSV', 'csv_rows_per_s', 'events/s', 'at least 250,000'],
  ['    Parquet', 'parquet_rows_per_s', 'events/s', 'at least 100,000'],
  ['    XLSX', 'xlsx_rows_per_s', 'events/s', 'at least 40,000'],
  ['    NDJSON', 'ndjson_rows_per_s', 'events/s'],
  ['    JSON', 'json_rows_per_s', 'events/s'],
  ['    COPY to a client, unordered', 'copy_out_rows_per_s', 'events/s'],
];
