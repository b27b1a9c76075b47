import { spawn } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createStateDirectory, root } from '../checkout/root.mjs';
import { withLock } from '../process/pid-lock.mjs';
import { build, isStale } from './compile.mjs';

/**
 * Installs the dependencies and builds, if needed; one command at a time.
 * @param {AbortSignal} [signal]
 */
export async function prepare(signal) {
  await locked(
    () => needsInstall() || isStale(),
    async () => {
      await installWhereNeeded(signal);
      if (isStale()) await build();
    },
  );
}

/**
 * Installs the dependencies if needed, for commands that run the sources directly.
 * @param {AbortSignal} [signal]
 */
export async function prepareDependencies(signal) {
  await locked(needsInstall, () => installWhereNeeded(signal));
}

async function locked(isNeeded, work) {
  if (!isNeeded()) return;
  const lock = join(createStateDirectory(), 'prepare.lock');
  const onWait = () => console.log('Another command is installing or building here; waiting for it.');
  await withLock(lock, work, onWait);
}

async function installWhereNeeded(signal) {
  if (!needsInstall()) return;
  console.log('Installing dependencies (npm ci) …');
  await install(signal);
}

function needsInstall() {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return true;
  // A link points to the modules of another checkout, which npm ci would delete.
  if (lstatSync(modules).isSymbolicLink()) return false;
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install(signal) {
  // NODE_ENV=production would leave out the compiler that the build needs.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, rest] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { cwd: root, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ci failed:\n${output.trim()}`));
    });
  });
}
