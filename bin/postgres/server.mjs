import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { anyFreePort } from '../process/free-port.mjs';
import { waitForExit } from '../process/running-process.mjs';
import { runAs, serverAccount } from './account.mjs';
import { serverBinaries } from './binaries.mjs';
import { initialise, removeStalePid, serverPid, superuser } from './cluster.mjs';
import { existing } from './home.mjs';
import { serverOptions } from './settings.mjs';
import { socketDirectoryIn } from './socket.mjs';

/**
 * Starts a PostgreSQL server from the npm package's binaries on a free loopback port. It runs in its own
 * session (pg_ctl sees to that): Ctrl-C must not reach the database before the workers are done with it.
 * @param {{ directory: string, password: string, durable?: boolean, announce?: (line: string) => void }} options
 *   `durable: false` skips syncing the fresh files to disk, for servers that are thrown away
 */
export async function startPostgres({ directory, password, durable = true, announce = console.log }) {
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
    // Costs the next start a recovery from the log, and no data.
    if (code !== 0) await control('stop', '-m', 'immediate', '-w', '-t', '5');
    await waitForExit(pid, 1_000);
  };
  if (serverPid(data) !== undefined) {
    announce('PostgreSQL still runs from a start that was killed; restarting it.');
    await halt(10);
  }

  const launch = async (port) => {
    removeStalePid(data);
    const files = ['-l', join(home, 'server.log'), '-o', serverOptions({ port, socketDirectory })];
    const { code, output } = await control('start', '-w', '-t', '60', '-s', ...files);
    if (code !== 0) throw new Error(`PostgreSQL did not start (see ${home}/server.log):\n${output}`);
  };
  const port = await launchOnFreePort(launch);
  /** @param {string} database @param {string} [user] @param {string} [secret] */
  const url = (database, user = superuser, secret = password) =>
    `postgresql://${user}:${secret}@127.0.0.1:${port}/${database}`;
  return {
    port,
    isNew,
    url,
    /**
     * The same over a Unix socket, where there is one. Over TCP on the loopback device every statement costs API,
     * worker and server about a tenth more CPU.
     * @type {typeof url}
     */
    localUrl: (...which) => url(...which) + (socketDirectory ? `?host=${socketDirectory}` : ''),
    /** Process id of the postmaster, for measurements. */
    get pid() {
      return serverPid(data);
    },
    isRunning: () => serverPid(data) !== undefined,
    /** Starts it again on the same port after it died. */
    restart: () => launch(port),
    /** @param {number} [seconds] how long it may take before it is cut short */
    stop: (seconds = 10) => halt(Math.max(1, Math.round(seconds))),
  };
}

async function launchOnFreePort(launch, attempts = 3) {
  const port = await anyFreePort();
  try {
    await launch(port);
    return port;
  } catch (error) {
    // Someone may have taken the port in between.
    if (attempts === 1) throw error;
    return launchOnFreePort(launch, attempts - 1);
  }
}
