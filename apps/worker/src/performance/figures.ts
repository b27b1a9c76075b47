import {
  growthPerDay,
  type IndexFigures,
  type RouteFigures,
  shareBelow,
  slowest,
  type TableFigures,
} from '#performance';
import type { RouteDurations } from './reads/query-hours.read-model.js';
import type { IndexCounts, TableCounts } from './reads/relations.read-model.js';

/** How much a size grew per day; null: not known. @param before null: what is new has no size before */
export type Growth = (bytes: number, before: number | undefined) => number | null;

/** @param ageMs since the report to compare with; null: there is none. Pure, as all here. */
export const growthSince = (ageMs: number | null): Growth =>
  // What was not there then has grown from nothing.
  ageMs === null ? () => null : (bytes, before = 0) => growthPerDay(before, bytes, ageMs);

export function tableFigures(
  tables: readonly TableCounts[],
  before: readonly TableFigures[],
  growth: Growth,
): TableFigures[] {
  const sizes = new Map(before.map((table) => [table.name, table.table_bytes + table.index_bytes]));
  return tables.map(({ name, partitions, table_bytes, index_bytes, live_rows, dead_rows }) => ({
    ...{ name, partitions, table_bytes, index_bytes, live_rows, dead_rows },
    dead_ratio: ratio(dead_rows, live_rows + dead_rows),
    growth_bytes_per_day: growth(table_bytes + index_bytes, sizes.get(name)),
  }));
}

export function indexFigures(
  indexes: readonly IndexCounts[],
  before: readonly IndexFigures[],
  growth: Growth,
): IndexFigures[] {
  const sizes = new Map(before.map(({ name, bytes }) => [name, bytes]));
  return indexes.map(({ rows, ...index }) => ({
    ...index,
    bytes_per_row: ratio(index.bytes, rows),
    growth_bytes_per_day: growth(index.bytes, sizes.get(index.name)),
  }));
}

export const routeFigures = (routes: readonly RouteDurations[], count: number): RouteFigures[] =>
  slowest(
    routes.map(({ method, route, seconds, up_to }) => ({
      ...{ method, route, requests: up_to.at(-1)! },
      avg_ms: rounded((seconds * 1000) / up_to.at(-1)!),
      p95_ms: shareBelow(0.95, up_to),
      total_ms: rounded(seconds * 1000),
    })),
    count,
  );

/** Null when there is nothing to divide by. */
export const ratio = (part: number, whole: number) => (whole === 0 ? null : rounded(part / whole));

const rounded = (value: number) => Math.round(value * 1000) / 1000;
