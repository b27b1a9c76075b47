import { Pool } from 'pg';
import { type HealthRun, runBefore, type Verdict } from '#health';
import { databaseSize } from '../reads/database.read-model.js';
import { defineCheck } from './define-check.js';
import { figuresIn, numberIn, reached, verdictOf } from './judge.js';

const DAY_MS = 86_400_000;
/** Growth is measured over at least this; less would make a day of a burst. */
const SHORTEST_MS = DAY_MS / 24;
/** Bytes a day below which growth is no matter, whatever the size. */
const LITTLE = 1024 ** 3;
/** Growth per day as a share of the size. A disk that is half full is full in ten days, or in one. */
const SHARE_PER_DAY = { warn: 0.1, fail: 1 };

/** The size at an earlier instant. */
export interface EarlierSize {
  readonly bytes: number;
  readonly ageMs: number;
}

/**
 * PostgreSQL shows the size of the database, but not what is free on its disk. Pure.
 * @param earlier null: not known
 */
export function judgeDisk(bytes: number, earlier: EarlierSize | null): Verdict {
  const isLongAgo = earlier !== null && earlier.ageMs >= SHORTEST_MS;
  const perDay = isLongAgo ? Math.round(((bytes - earlier.bytes) / earlier.ageMs) * DAY_MS) : null;
  const figures = { size_bytes: bytes, growth_bytes_per_day: perDay };
  const fine =
    perDay === null
      ? `The database has ${gigabytes(bytes)}. Its growth is known after an hour of checks.`
      : `The database has ${gigabytes(bytes)} and grows by ${gigabytes(perDay)} a day.`;
  const share = perDay !== null && perDay >= LITTLE ? perDay / Math.max(bytes - perDay, 1) : 0;
  return verdictOf(fine, figures, [
    ...reached(
      share,
      SHARE_PER_DAY,
      `The database has ${gigabytes(bytes)} and grows by ${gigabytes(perDay ?? 0)} a day: see what is free on its disk, ` +
        'and who sends so much (ledger).',
    ),
  ]);
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

/** How the database grows. */
export const disk = defineCheck({
  name: 'disk',
  inject: [Pool],
  async run({ clock }, pool) {
    const now = clock.now();
    const [bytes, day, hour] = await Promise.all([
      databaseSize(pool),
      runBefore(pool, new Date(now - DAY_MS)),
      runBefore(pool, new Date(now - SHORTEST_MS)),
    ]);
    // After less than a day, what is known is at least an hour old.
    return judgeDisk(bytes, sizeIn(day, now) ?? sizeIn(hour, now));
  },
});

function sizeIn(run: HealthRun | null, now: number): EarlierSize | null {
  const check = run?.checks.find(({ name }) => name === 'disk');
  const bytes = check ? numberIn(figuresIn({ ...check }, 'figures'), 'size_bytes') : null;
  // After a long pause, growth per day is the average over the pause.
  return run && bytes !== null ? { bytes, ageMs: now - run.slot.getTime() } : null;
}
