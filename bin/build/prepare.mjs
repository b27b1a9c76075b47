import { spawn } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createStateDirectory, root } from '../checkout/root.mjs';
import { withLock } from '../process/pid-lock.mjs';
import { build, isStale } from './compile.mjs';

/**
 * Installs the dependencies and builds, as far as either is needed; one command at a time.
 * @param {AbortSignal} [signal]
 */
export async function prepare(signal) {
  if (!needsInstall() && !isStale()) return;
  const lock = join(createStateDirectory(), 'prepare.lock');
  const onWait = () => console.log('Another command is installing or building here; waiting for it.');
  await withLock(lock, () => installAndBuild(signal), onWait);
}

async function installAndBuild(signal) {
  if (needsInstall()) {
    console.log('Installing dependencies (npm ci) …');
    await install(signal);
  }
  if (isStale()) await build();
}

function needsInstall() {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return true;
  // Linked from elsewhere: npm ci would empty what is not ours.
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
