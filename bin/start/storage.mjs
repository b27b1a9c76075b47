import { postgresHome } from '../postgres/home.mjs';
import { startPostgres } from '../postgres/server.mjs';
import { runCommand } from './command-line.mjs';
import { allowLogin, closeOtherDatabases, createDatabase } from './database.mjs';
import { watchPostgres } from './postgres-watch.mjs';

const database = 'millrace';
const roles = { api: 'millrace_api', worker: 'millrace_worker' };

/**
 * Brings up a migrated database: the one of DATABASE_URL, else on an embedded server.
 * @param {{ externalUrl?: string, credentials: ReturnType<typeof import('./credentials.mjs').loadCredentials>,
 *   signal: AbortSignal, onStarted: (stop: (seconds: number) => Promise<void>) => void }} options
 * @returns {Promise<{ owner: string, api: string, worker: string, diskPath?: string }>} one URL per role, and where an
 *   embedded server keeps its data
 */
export async function bringUpDatabase({ externalUrl, credentials, signal, onStarted }) {
  if (externalUrl) {
    await runCommand('migrate', externalUrl, signal);
    return { owner: externalUrl, api: externalUrl, worker: externalUrl };
  }
  const announce = (line) => console.log(`[start] ${line}`);
  const { postgresPassword, apiPassword, workerPassword } = credentials;
  const directory = postgresHome(announce);
  const server = await startPostgres({ directory, password: postgresPassword, announce });
  const unwatch = watchPostgres(server, announce);
  onStarted(async (seconds) => {
    await unwatch();
    await server.stop(seconds);
  });
  signal.throwIfAborted();

  const owner = server.url(database);
  await createDatabase(server.url('postgres'), database);
  await runCommand('migrate', owner, signal);
  await closeOtherDatabases(owner);
  await allowLogin(owner, { [roles.api]: apiPassword, [roles.worker]: workerPassword });
  return {
    owner,
    api: server.localUrl(database, roles.api, apiPassword),
    worker: server.localUrl(database, roles.worker, workerPassword),
    diskPath: directory,
  };
}
