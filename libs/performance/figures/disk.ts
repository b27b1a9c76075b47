import type { DiskFigures } from '../content/performance-report.js';
import { daysUntilFull } from './growth.js';
import { sizeOf } from './size-of.js';

/** What is free on a disk, in bytes. */
export interface DiskSpace {
  readonly free: number;
  readonly total: number;
}

/**
 * When the disk is full, in days and in words. Pure.
 * @param space null: not known
 * @param growth of the database in bytes a day; null: not known
 */
export function diskFigures(space: DiskSpace | null, growth: number | null): DiskFigures {
  const days_until_full = space && growth !== null ? daysUntilFull(space.free, growth) : null;
  const sizes = { free_bytes: space?.free ?? null, total_bytes: space?.total ?? null };
  return { ...sizes, days_until_full, summary: summaryOf(space, growth, days_until_full) };
}

function summaryOf(space: DiskSpace | null, growth: number | null, days: number | null): string {
  if (!space)
    return 'PostgreSQL does not say what is free on its disk: DATABASE_DISK_PATH can name a path on it.';
  const free = `${sizeOf(space.free)} of ${sizeOf(space.total)} are free`;
  if (growth === null)
    return `${free}. When the disk is full is known once there is a report that is a day old.`;
  if (days === null) return `${free}, and the database does not grow.`;
  return `${free}, and the database grows by ${sizeOf(growth)} a day: the disk is full in ${days} days.`;
}
