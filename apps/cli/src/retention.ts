import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { enforceRetention, type Run, surveyRetention } from '#retention';
import { readArguments } from './arguments/read-arguments.js';

const MB = 1_000_000;

/**
 * `retention`: deletes what is no longer kept, as the daily job does. With `--dry-run` it only says what that would be.
 * @throws UsageError
 */
export async function retentionCommand(
  args: readonly string[],
  print: (line: string) => void,
  readEnvironment = loadEnvironment,
  now = Date.now(),
): Promise<number> {
  const isDryRun = args.includes('--dry-run');
  readArguments(
    args.filter((arg) => arg !== '--dry-run'),
    [],
  );
  const environment = readEnvironment();
  const pool = createPool({ databaseUrl: environment.DATABASE_URL, role: 'worker', size: 2 });
  const run: Run = { pool, signal: new AbortController().signal, pause: (ms) => sleep(ms) };
  try {
    if (isDryRun) {
      for (const [name, { rows, bytes }] of await surveyRetention(run, environment, now)) {
        print(`${name}: ${rows} rows, ${(bytes / MB).toFixed(1)} MB`);
      }
    } else {
      const counts = await enforceRetention(run, environment, now);
      for (const [name, count] of Object.entries(counts)) print(`${name}: ${count}`);
    }
  } finally {
    await pool.end();
  }
  return 0;
}
