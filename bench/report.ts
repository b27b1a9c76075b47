import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Figures of a run by their keys in bench.json. */
export type Figures = Record<string, number>;

/** A line of a table: what, key of the figure, unit, and what it must be. */
export type Line = readonly [what: string, key: string, unit: string, bound?: string];

const LINES: readonly Line[] = [
  ['(a) COPY into the same table', 'copy_events_per_s', 'events/s'],
  ['(b) end to end, Redis queue', 'e2e_redis_events_per_s', 'events/s'],
  ['    against (a)', 'e2e_redis_ratio', '', 'at least 0.45'],
  ['(b) end to end, PostgreSQL queue', 'e2e_postgres_events_per_s', 'events/s'],
  ['    against (a)', 'e2e_postgres_ratio', '', 'at least 0.35'],
  ['(c) single events', 'singles_per_s', 'requests/s'],
  ['    no-op POST on the same stack', 'noop_per_s', 'requests/s'],
  ['    against the no-op', 'singles_ratio', '', 'at least 0.5'],
  ['    CPU of the API, against one without rate limits', 'rate_limit_cpu_ratio', '', 'under 1.05'],
  ['(d) acknowledged, p50', 'ack_p50_ms', 'ms'],
  ['    acknowledged, p99', 'ack_p99_ms', 'ms', 'under 25'],
  ['    visible in aggregates, p50', 'visible_p50_ms', 'ms'],
  ['    visible in aggregates, p99', 'visible_p99_ms', 'ms', 'under 100'],
  ['(e) memory of API and worker', 'rss_mb', 'MB', 'under 400'],
  ['    CPU: load generator', 'cpu_s_per_million_generator', 's per million events'],
  ['    CPU: API', 'cpu_s_per_million_api', 's per million events'],
  ['    CPU: worker', 'cpu_s_per_million_worker', 's per million events'],
  ['    CPU: PostgreSQL', 'cpu_s_per_million_postgres', 's per million events'],
  ['    CPU: Redis', 'cpu_s_per_million_redis', 's per million events'],
  ['    on disk', 'bytes_per_event', 'bytes per event'],
  ['(f) with 10 million rows, against an empty table', 'growth_ratio', '', 'at least 0.9'],
  ['(g) on disk, closed days', 'closed_bytes_per_event', 'bytes per event', 'at most 50'],
  ['    CPU of closing', 'close_s_per_million', 's per million events', 'at most 6'],
  ['    CPU of COPY of the same events', 'copy_s_per_million', 's per million events'],
  ['    average of a field, against rows', 'closed_average_speedup', 'times as fast', 'at least 5'],
  ['    1,000 events over HTTP', 'closed_newest_ms', 'ms', 'at most 30'],
  ['    of a user or session', 'closed_filtered_ms', 'ms', 'at most 150'],
];

/** The table as printed, in Markdown. */
export function renderTable(figures: Figures, lines = LINES): string {
  const rows = lines.map(([name, key, unit, bound]) => {
    const value = figures[key];
    return [
      name.trimStart().startsWith('(') ? name : name.trim(),
      value === undefined ? '–' : `${rounded(value)} ${unit}`.trim(),
      bound ?? '',
    ];
  });
  return [
    '| what | measured | must be |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

const rounded = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 1.5 ? 2 : 1);

/** Writes the figures as flat JSON. */
export function writeFigures(path: string, figures: Figures): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`);
}
