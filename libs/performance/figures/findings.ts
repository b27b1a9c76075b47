import type { PerformanceReport } from '../content/performance-report.js';
import { sizeOf } from './size-of.js';

const LIMITS = {
  daysUntilFull: 30,
  /** Autovacuum begins at a fifth; twice that means that it does not keep up. */
  deadRatio: 0.4,
  /** Bytes below which a table or an index is no matter. */
  little: 100_000_000,
  /** Blocks that are read from disk take some hundred times longer. */
  hitRatio: 0.9,
  /** A query that a person waits for. */
  slowMs: 1000,
} as const;

/** What somebody should look at, in sentences. Pure. */
export function findingsOf(report: Omit<PerformanceReport, 'findings'>): string[] {
  const { disk, cache, queries, tables, indexes } = report;
  const { days_until_full, summary } = disk;
  return [
    ...(days_until_full !== null && days_until_full < LIMITS.daysUntilFull ? [summary] : []),
    ...tables
      .filter(
        ({ table_bytes, dead_ratio }) =>
          table_bytes >= LIMITS.little && (dead_ratio ?? 0) >= LIMITS.deadRatio,
      )
      .map(
        ({ name, dead_ratio }) =>
          `${percent(dead_ratio!)} of the rows of ${name} are dead: see what keeps autovacuum from them, such as a ` +
          'transaction that has been open for long.',
      ),
    ...indexes
      .filter(({ bytes, scans, is_unique }) => bytes >= LIMITS.little && scans === 0 && !is_unique)
      .map(
        ({ name, bytes }) =>
          `Nothing has read the index ${name} (${sizeOf(bytes)}) since PostgreSQL began to count.`,
      ),
    ...ratioFindings('tables', cache.table_hit_ratio),
    ...ratioFindings('indexes', cache.index_hit_ratio),
    ...queries
      .filter(({ p95_ms }) => p95_ms === null || p95_ms > LIMITS.slowMs)
      .map(
        ({ method, route, p95_ms }) =>
          `One in twenty answers of ${method} ${route} takes more than ${p95_ms === null ? '10 s' : '1 s'}.`,
      ),
  ];
}

const ratioFindings = (what: string, ratio: number | null) =>
  ratio !== null && ratio < LIMITS.hitRatio
    ? [`Only ${percent(ratio)} of the blocks of ${what} come from PostgreSQL's memory: see shared_buffers.`]
    : [];

const percent = (share: number) => `${Math.floor(share * 100)} %`;
