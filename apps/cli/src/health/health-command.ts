import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { healthReport, latestRuns } from '#health';
import { healthLines } from './health-lines.js';

/**
 * Prints what the last health check of a worker found.
 * @returns the exit code: 1 when something fails
 */
export async function healthCommand(print: (line: string) => void): Promise<number> {
  const pool = createPool({ databaseUrl: loadEnvironment().DATABASE_URL, role: 'worker', size: 1 });
  try {
    const report = healthReport(await latestRuns(pool, 1));
    for (const line of healthLines(report)) print(line);
    return report.status === 'fail' ? 1 : 0;
  } finally {
    await pool.end();
  }
}
