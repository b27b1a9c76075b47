import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { closeDay } from '#segments';
import { readArguments } from './arguments/read-arguments.js';
import { UsageError } from './arguments/usage-error.js';

const DAY_MS = 86_400_000;

/**
 * `close-day <date>`: moves the events of a day that is over into segments.
 * @throws UsageError when the date is invalid or not over
 */
export async function closeDayCommand(
  args: readonly string[],
  print: (line: string) => void,
  now = Date.now(),
): Promise<number> {
  const [date] = readArguments(args, ['date (YYYY-MM-DD)']).values as [string];
  const day = dayOf(date);
  if (day.to.getTime() > now) throw new UsageError(`${date} is not over (days are in UTC)`);
  const pool = createPool({ databaseUrl: loadEnvironment().DATABASE_URL, role: 'worker', size: 1 });
  try {
    const { events, segments } = await closeDay(pool, day);
    print(`Closed ${date}. Events moved: ${events}. Segments written: ${segments}.`);
  } finally {
    await pool.end();
  }
  return 0;
}

function dayOf(date: string) {
  const from = new Date(`${date}T00:00:00Z`);
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(date) ||
    Number.isNaN(from.getTime()) ||
    !from.toISOString().startsWith(date)
  ) {
    throw new UsageError(`${date} is not a date like 2026-11-25`);
  }
  return { from, to: new Date(from.getTime() + DAY_MS) };
}
