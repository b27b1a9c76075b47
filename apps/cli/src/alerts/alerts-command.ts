import { alertReports } from '#alerts';
import { loadEnvironment } from '#config';
import { createPool, inTenant } from '#database';
import { NO_ORGANIZATION } from '#identity';
import { alertLines } from './alert-lines.js';

/** Alerts that are printed. */
const LIMIT = 20;

/**
 * Prints the latest alerts about the installation, those that fire first.
 * @returns the exit code: 1 when one fires
 */
export async function alertsCommand(print: (line: string) => void): Promise<number> {
  const pool = createPool({ databaseUrl: loadEnvironment().DATABASE_URL, role: 'api', size: 1 });
  try {
    const [firing, others] = await inTenant(pool, NO_ORGANIZATION, async (client) => [
      await alertReports(client, NO_ORGANIZATION, { state: 'firing', limit: LIMIT }),
      await alertReports(client, NO_ORGANIZATION, { state: 'resolved', limit: LIMIT }),
    ]);
    for (const line of alertLines([...firing!, ...others!])) print(line);
    return firing!.length > 0 ? 1 : 0;
  } finally {
    await pool.end();
  }
}
