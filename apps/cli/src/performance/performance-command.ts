import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { PerformanceReportsReadModel } from '#performance';
import { performanceLines } from './performance-lines.js';

/**
 * Prints the newest performance report.
 * @returns the exit code: 1 when there is none yet
 */
export async function performanceCommand(print: (line: string) => void): Promise<number> {
  const pool = createPool({ databaseUrl: loadEnvironment().DATABASE_URL, role: 'worker', size: 1 });
  try {
    const report = await new PerformanceReportsReadModel(pool).find();
    if (!report) {
      print(
        'There is no report yet. Workers store one each night; `jobs run performance-report` stores one now.',
      );
      return 1;
    }
    for (const line of performanceLines(report)) print(line);
    return 0;
  } finally {
    await pool.end();
  }
}
