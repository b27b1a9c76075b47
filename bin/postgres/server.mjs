import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { anyFreePort, isFree } from '../process/free-port.mjs';
import { waitForExit } from '../process/running-process.mjs';
import { runAs, serverAccount } from './account.mjs';
import { serverBinaries } from './binaries.mjs';
import { initialise, lastPort, removeStalePid, serverPid, superuser } from './cluster.mjs';
import { existing } from './home.mjs';
import { serverOptions } from './settings.mjs';
import { socketDirectoryIn } from './socket.mjs';

/**
 * Starts a PostgreSQL server from the npm package's binaries on a free port of 127.0.0.1, the same as last time if it can
 * be, so that connection strings stay valid. pg_ctl gives it its own session, so that Ctrl-C does not stop the database before the workers have finished.
 * @param {{ directory: string, password: string, durable?: boolean, preload?: string, announce?: (line: string) => void }} options
 *   `durable: false` never waits for the disk, for servers that are thrown away; `preload` is a library that it loads
 */
export async function startPostgres({
  directory,
  password,
  durable = true,
  preload,
  announce = console.log,
}) {
  const account = serverAccount(directory);
  const home = realpathSync(existing(directory, account));
  const { initdb, pgCtl } = await serverBinaries(home, account);
  const isNew = await initialise({ directory: home, account, initdb, password, durable });
  const data = join(home, 'data');
  const socketDirectory = socketDirectoryIn(home);
  const control = (...args) => runAs(account, pgCtl, [...args, '-D', data]);

  const halt = async (seconds) => {
    const pid = serverPid(data);
    if (pid === undefined) return;
    const { code } = await control('stop', '-m', 'fast', '-w', '-t', String(seconds));
    // The next start recovers from the log; no data is lost.
    if (code !== 0) await control('stop', '-m', 'immediate', '-w', '-t', '5');
    await waitForExit(pid, 1_000);
  };
  if (serverPid(data) !== undefined) {
    announce('PostgreSQL is still running from a killed start; restarting it.');
    await halt(10);
  }

  const launch = async (port) => {
    removeStalePid(data);
    const options = serverOptions({ port, socketDirectory, durable, preload });
    const files = ['-l', join(home, 'server.log'), '-o', options];
    const { code, output } = await control('start', '-w', '-t', '60', '-s', ...files);
    if (code !== 0) throw new Error(`PostgreSQL did not start (see ${home}/server.log):\n${output}`);
  };
  const port = await launchOnFreePort(launch, lastPort(data));
  /** @param {string} database @param {string} [user] @param {string} [secret] */
  const url = (database, user = superuser, secret = password) =>
    `postgresql://${user}:${secret}@127.0.0.1:${port}/${database}`;
  return {
    port,
    isNew,
    url,
    /**
     * The same over a Unix socket where there is one. TCP on the loopback device costs API, worker and server about
     * a tenth more CPU per statement.
     * @type {typeof url}
     */
    localUrl: (...which) => url(...which) + (socketDirectory ? `?host=${socketDirectory}` : ''),
    /** Process id of the postmaster, for measurements. */
    get pid() {
      return serverPid(data);
    },
    isRunning: () => serverPid(data) !== undefined,
    /** Starts it again on the same port. */
    restart: () => launch(port),
    /** @param {number} [seconds] after which open connections are cut */
    stop: (seconds = 10) => halt(Math.max(1, Math.round(seconds))),
  };
}

async function launchOnFreePort(launch, preferred, attempts = 3) {
  const port = preferred && (await isFree(preferred)) ? preferred : await anyFreePort();
  try {
    await launch(port);
    return port;
  } catch (error) {
    // Another process may have taken the port in the meantime.
    if (attempts === 1) throw error;
    return launchOnFreePort(launch, undefined, attempts - 1);
  }
}
