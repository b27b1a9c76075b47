import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createStateDirectory, root } from '../checkout/root.mjs';
import { can, serverAccount } from './account.mjs';

const outside = '/var/lib/millrace';

/**
 * The directory of this checkout's PostgreSQL, `.millrace/postgres`. It is a link to a directory outside when the
 * server's user cannot access the checkout, for example in the home directory of root.
 * @param {(line: string) => void} announce
 */
export function postgresHome(announce) {
  const inside = join(createStateDirectory(), 'postgres');
  const account = serverAccount(inside);
  if (isLink(inside)) return existing(readlinkSync(inside), account);
  if (can(account, '-x', root) || existsSync(join(inside, 'data'))) return existing(inside, account);

  const home = unusedHome();
  announce(`PostgreSQL runs as ${account.name}, who cannot access this checkout: its data is in ${home}.`);
  symlinkSync(existing(home, account), inside);
  return home;
}

const isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

/**
 * Creates the directory if needed and gives it to the account.
 * @param {string} path
 * @param {import('./account.mjs').Account} account
 */
export function existing(path, { uid, gid }) {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (uid !== undefined) chownSync(path, uid, gid);
  return path;
}

/** Existing data without a link belongs to a deleted checkout; it is neither used nor removed. */
function unusedHome() {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  for (let n = 1; ; n++) {
    const home = join(outside, n === 1 ? hash : `${hash}-${n}`);
    if (!existsSync(home)) return home;
  }
}
