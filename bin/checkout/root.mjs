import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Contains everything that a running Millrace writes to the checkout; ignored by git. */
export const stateDirectory = join(root, '.millrace');

/** Creates the state directory. Others may traverse it: as root, PostgreSQL runs as another user inside it. */
export function createStateDirectory() {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o755 });
  return stateDirectory;
}
