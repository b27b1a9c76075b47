import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout/root.mjs';

/** Folders whose TypeScript is compiled to dist/. */
export const sourceFolders = ['apps', 'libs', 'migrations', 'bench'];

/**
 * True for a file that ends up in dist/.
 * @param {string} file
 */
export const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts');

/** @returns {string[]} every source file, relative to the checkout */
export function sources() {
  return sourceFolders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))),
    )
    .filter(isSource);
}

/** @param {string} file a source, relative to the checkout */
export const outputOf = (file) => file.replace(/\.ts$/, '.js');
