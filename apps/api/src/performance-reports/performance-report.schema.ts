import type {
  CacheFigures,
  DiskFigures,
  IndexFigures,
  PerformanceReportEntry,
  RouteFigures,
  StatementFigures,
  Statements,
  StoredPerformanceReport,
  TableFigures,
} from '#performance';
import {
  count,
  described,
  flag,
  instant,
  listOf,
  nullable,
  record,
  text,
  uuid,
} from '../http/openapi/schema.js';

const number = { type: 'number' };
const bytes = { type: 'number', minimum: 0 };
const milliseconds = { type: 'number', minimum: 0 };
const growth = described(nullable(number), 'Null: not known yet.');
const ratio = (description: string) =>
  described({ type: ['number', 'null'], minimum: 0, maximum: 1 }, description);

const disk = record<DiskFigures>('PerformanceDisk', {
  free_bytes: described(nullable(bytes), 'Null: `DATABASE_DISK_PATH` does not name the disk.'),
  total_bytes: nullable(bytes),
  days_until_full: described(
    nullable(count),
    'If the database goes on growing as in the last week. Null: it does not grow, or something is not known.',
  ),
  summary: described(text, 'The same in words, or why it is not known.'),
});

const cache = record<CacheFigures>('PerformanceCache', {
  table_hit_ratio: ratio("Blocks of tables that were in PostgreSQL's memory, since it began to count."),
  index_hit_ratio: ratio('The same for indexes.'),
  answer_hit_ratio: ratio('Cached answers among those of the last 24 hours that may be cached.'),
});

const route = record<RouteFigures>('PerformanceQuery', {
  ...{ method: text, route: text, requests: count, avg_ms: milliseconds },
  p95_ms: described(nullable(milliseconds), '95 % took at most this; null: more than ten seconds.'),
  total_ms: milliseconds,
});

const statement = record<StatementFigures>('PerformanceStatement', {
  query: described(text, 'Without its constants; `$1` stands for one.'),
  ...{ calls: count, avg_ms: milliseconds, max_ms: milliseconds, total_ms: milliseconds, rows: count },
});

const statements = record<Statements>('PerformanceStatements', {
  since: described(instant, 'When PostgreSQL began to count.'),
  slowest: described(listOf(statement), 'Those that take the most time, in all or on average.'),
  hidden: described(count, 'Statements that the owner of the database may not see.'),
});

const table = record<TableFigures>('PerformanceTable', {
  name: text,
  partitions: count,
  ...{ table_bytes: bytes, index_bytes: bytes, live_rows: count, dead_rows: count },
  dead_ratio: ratio('Dead rows as a share of all.'),
  growth_bytes_per_day: growth,
});

const index = record<IndexFigures>('PerformanceIndex', {
  ...{ name: text, table: text, bytes },
  bytes_per_row: described(nullable(number), 'Grows when an index is bloated.'),
  scans: described(count, 'Since PostgreSQL began to count.'),
  is_unique: flag,
  growth_bytes_per_day: growth,
});

const example: StoredPerformanceReport = {
  ...{ id: '0b6f3c1e-4a52-4c0e-9f0e-3d8f6f1f2a77', computed_at: '2026-11-27T04:50:00.412Z' },
  ...{ compared_with: '2026-11-20T04:50:00.390Z', findings: [] },
  ...{ database_bytes: 48_200_000_000, growth_bytes_per_day: 1_310_000_000 },
  disk: {
    ...{ free_bytes: 210_000_000_000, total_bytes: 320_000_000_000, days_until_full: 160 },
    summary:
      '210.0 GB of 320.0 GB are free, and the database grows by 1.3 GB a day: the disk is full in 160 days.',
  },
  cache: { table_hit_ratio: 0.987, index_hit_ratio: 0.998, answer_hit_ratio: 0.42 },
  queries: [
    {
      ...{ method: 'GET', route: '/v1/aggregates', requests: 18_240 },
      ...{ avg_ms: 12.4, p95_ms: 50, total_ms: 226_176 },
    },
  ],
  statements: null,
  tables: [
    {
      ...{ name: 'event_rows', partitions: 92, table_bytes: 9_000_000_000, index_bytes: 3_000_000_000 },
      ...{ live_rows: 24_000_000, dead_rows: 0, dead_ratio: 0, growth_bytes_per_day: 210_000_000 },
    },
  ],
  indexes: [
    {
      ...{ name: 'event_rows_pkey', table: 'event_rows', bytes: 3_000_000_000, bytes_per_row: 125 },
      ...{ scans: 52_000, is_unique: true, growth_bytes_per_day: 52_000_000 },
    },
  ],
};

/** A performance report. */
export const performanceReportSchema = {
  ...record<StoredPerformanceReport>('PerformanceReport', {
    ...{ id: uuid, computed_at: instant },
    compared_with: described(
      nullable(instant),
      'The report that sizes are compared with, at most a week older; null: none is a day old.',
    ),
    findings: described(listOf(text), 'What somebody should look at.'),
    ...{ database_bytes: bytes, growth_bytes_per_day: growth, disk, cache },
    queries: described(
      listOf(route),
      'Those of the last 24 hours that take the most time, in all or on average.',
    ),
    statements: described(
      { ...statements, type: ['object', 'null'] },
      'Null: the database has no `pg_stat_statements`.',
    ),
    tables: described(listOf(table), 'With their partitions, the largest first.'),
    indexes: described(listOf(index), 'With those of the partitions, the largest first.'),
  }),
  examples: [example],
};

/** A performance report in a list. */
export const performanceReportEntrySchema = record<PerformanceReportEntry>('PerformanceReportEntry', {
  ...{ id: uuid, computed_at: instant, database_bytes: bytes, growth_bytes_per_day: growth },
  ...{ days_until_full: nullable(count), findings: listOf(text) },
});
