import { type PerformanceReport, sizeOf } from '#performance';

/** Rows of a list that are shown. */
const SHOWN = 12;
const QUERY_LENGTH = 100;

/** A report as lines for people. Pure. */
export function performanceLines(report: PerformanceReport): string[] {
  const { cache, disk, queries, statements, tables, indexes, compared_with } = report;
  return [
    `Performance report of ${report.computed_at}`,
    `Database  ${sizeOf(report.database_bytes)}${growthOf(report)}${compared_with ? `, compared with ${compared_with}` : ''}`,
    `Disk      ${disk.summary}`,
    `Caches    tables ${percent(cache.table_hit_ratio)}, indexes ${percent(cache.index_hit_ratio)}, answers ${percent(cache.answer_hit_ratio)}`,
    ...report.findings.map((finding) => `Look at   ${finding}`),
    ...list('Queries of the last 24 hours', queries, ({ method, route, requests, avg_ms, p95_ms }) => [
      `${method} ${route}`,
      ...[
        `${requests} times`,
        `${avg_ms} ms on average`,
        p95_ms === null ? '95 % over 10 s' : `95 % within ${p95_ms} ms`,
      ],
    ]),
    ...(statements
      ? list(
          `Statements since ${statements.since}`,
          statements.slowest,
          ({ query, calls, avg_ms, max_ms }) => [
            `${calls} times`,
            ...[`${avg_ms.toFixed(1)} ms on average`, `${max_ms.toFixed(1)} ms at most`],
            query.replaceAll(/\s+/g, ' ').trim().slice(0, QUERY_LENGTH),
          ],
        )
      : ['', 'The database has no pg_stat_statements.']),
    ...list('Tables', tables, (table) => [
      table.name + (table.partitions > 0 ? ` (${table.partitions} partitions)` : ''),
      `${sizeOf(table.table_bytes)} and ${sizeOf(table.index_bytes)} of indexes${growthOf(table)}`,
      `${percent(table.dead_ratio)} dead`,
    ]),
    ...list('Indexes', indexes, (index) => [
      index.name,
      sizeOf(index.bytes) + growthOf(index),
      `${index.scans} scans`,
    ]),
  ];
}

/** The first rows of a list in columns, under a title. */
function list<T>(title: string, rows: readonly T[], cells: (row: T) => string[]): string[] {
  const shown = rows.slice(0, SHOWN).map(cells);
  const widths = (shown[0] ?? []).map((_, i) => Math.max(...shown.map((row) => row[i]!.length)));
  const lines = shown.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  return ['', `${title}:`, ...(lines.length > 0 ? lines.map((line) => `  ${line}`) : ['  none'])];
}

const growthOf = ({ growth_bytes_per_day: growth }: { readonly growth_bytes_per_day: number | null }) =>
  growth === null ? '' : `, ${growth < 0 ? '' : '+'}${sizeOf(growth)} a day`;

const percent = (share: number | null) => (share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`);
