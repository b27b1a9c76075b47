const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Over less than a day, growth would follow the time of day. A run may come a little early. */
const SHORTEST_MS = 23 * HOUR_MS;
/** Growth is that of the last week, so that a weekend does not look like a decline. */
const LONGEST_MS = 7 * DAY_MS + HOUR_MS;

/**
 * The earlier instant to compare sizes with: the oldest of the last week; if all are older, the newest of them. Pure.
 * @param earlier milliseconds since the epoch, in any order
 * @returns null when none is a day old
 */
export function comparedWith(earlier: readonly number[], now: number): number | null {
  const old = earlier.filter((instant) => now - instant >= SHORTEST_MS);
  const ofWeek = old.filter((instant) => now - instant <= LONGEST_MS);
  if (ofWeek.length > 0) return Math.min(...ofWeek);
  return old.length > 0 ? Math.max(...old) : null;
}

/** Bytes a day by which something grew. Pure. @param ageMs between the two sizes */
export const growthPerDay = (before: number, bytes: number, ageMs: number): number =>
  Math.round(((bytes - before) / ageMs) * DAY_MS);

/** Whole days until so many bytes are used up; null when nothing grows. Pure. */
export const daysUntilFull = (freeBytes: number, bytesPerDay: number): number | null =>
  bytesPerDay > 0 ? Math.floor(freeBytes / bytesPerDay) : null;
