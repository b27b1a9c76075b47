import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const managers = {
  'apt-get': { before: ['update'], install: ['install', '-y', '--no-install-recommends'] },
  apk: { install: ['add'] },
  dnf: { install: ['install', '-y'] },
  brew: { install: ['install'] },
};

/**
 * Ensures that a program is on the PATH. Root installs its package; others get the command to do so.
 * @param {string} program
 * @param {Record<string, string>} packages name of its package by package manager
 * @throws when it is still missing
 */
export function requireProgram(program, packages) {
  if (isOnPath(program)) return;
  const manager = Object.keys(packages).find(isOnPath);
  if (process.getuid?.() === 0 && manager) {
    console.log(`Installing ${packages[manager]} with ${manager} …`);
    install(manager, packages[manager]);
    if (isOnPath(program)) return;
  }
  const how = manager ? `${manager} ${managers[manager].install[0]} ${packages[manager]}` : 'install it';
  throw new Error(`${program} is required but not on the PATH: ${how}.`);
}

function install(manager, name) {
  const { before, install } = managers[manager];
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' };
  if (before) spawnSync(manager, before, options);
  spawnSync(manager, [...install, name], options);
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
