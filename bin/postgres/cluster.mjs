import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../process/running-process.mjs';
import { runAs } from './account.mjs';

/** The superuser of every embedded server. */
export const superuser = 'millrace';

/**
 * Runs initdb unless data exists.
 * @param {{ directory: string, account: import('./account.mjs').Account, initdb: string, password: string, durable: boolean }} options
 * @returns {Promise<boolean>} true when the data directory is new
 */
export async function initialise({ directory, account, initdb, password, durable }) {
  for (const name of readdirSync(directory)) {
    if (name.startsWith('unfinished-')) rmSync(join(directory, name), { recursive: true, force: true });
  }
  const data = join(directory, 'data');
  if (existsSync(data)) return false;

  // Renamed when complete, because the data of a killed initdb looks initialised.
  const unfinished = mkdtempSync(join(directory, 'unfinished-'));
  const passwordFile = join(unfinished, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined) {
    for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  const args = ['-D', join(unfinished, 'data'), '-U', superuser, '--pwfile', passwordFile];
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions');
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!durable) args.push('--no-sync');
  const { code, output } = await runAs(account, initdb, args);
  if (code !== 0) throw new Error(`initdb failed:\n${output}`);
  renameSync(join(unfinished, 'data'), data);
  rmSync(unfinished, { recursive: true, force: true });
  return true;
}

/**
 * The pid of the server that uses this data directory, if any.
 * @param {string} data
 */
export function serverPid(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return commandOf(pid).includes(data) ? pid : undefined;
}

/**
 * The port of the last start with this data directory, if any.
 * @param {string} data
 */
export function lastPort(data) {
  const file = join(data, 'postmaster.opts');
  const [, port] = (existsSync(file) && /\bport=(\d+)/.exec(readFileSync(file, 'utf8'))) || [];
  return port && Number(port);
}

/** Removes the pid file of a killed server: PostgreSQL does not start when another process has that pid. */
export function removeStalePid(data) {
  if (serverPid(data) === undefined) rmSync(join(data, 'postmaster.pid'), { force: true });
}
