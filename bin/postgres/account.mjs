import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ uid?: number, gid?: number, name: string }} Account */

/**
 * The system user that PostgreSQL runs as. PostgreSQL refuses root; instead of root it is the owner of
 * existing data, else `postgres`, else `nobody`.
 * @param {string} directory where the data is kept
 * @returns {Account}
 */
export function serverAccount(directory) {
  if (process.getuid?.() !== 0) return { name: 'you' };
  const owner = ownerOf(join(directory, 'data'));
  if (owner) return owner;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(quietly('id', [flag, name])));
      return { uid, gid, name };
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and the users postgres and nobody do not exist.');
}

function ownerOf(path) {
  try {
    const { uid, gid } = statSync(path);
    return uid === 0 ? undefined : { uid, gid, name: `user ${uid}` };
  } catch {
    return undefined;
  }
}

const quietly = (file, args) => execFileSync(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });

// Without the caller's variables: PGDATA, PGOPTIONS or a missing locale would break the server.
const environment = { PATH: process.env.PATH, LC_ALL: 'C' };

/**
 * True when the account passes a shell test such as `-x` on the path.
 * @param {Account} account
 * @param {'-x' | '-w'} test
 * @param {string} path
 */
export function can(account, test, path) {
  if (account.uid === undefined) return true;
  const { uid, gid } = account;
  const args = ['-c', `test ${test} "$0"`, path];
  const { status, error } = spawnSync('/bin/sh', args, { uid, gid, cwd: '/', env: environment });
  if (error) throw new Error(`Cannot run PostgreSQL as ${account.name}: ${error.message}`);
  return status === 0;
}

/**
 * Runs a program as the account, in its own session, which Ctrl-C does not reach.
 * @param {Account} account
 * @param {string} file
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runAs({ uid, gid }, file, args) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(file, args, { uid, gid, cwd: '/', env: environment, detached: true, stdio });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}
