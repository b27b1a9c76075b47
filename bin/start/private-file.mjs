import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Writes JSON that only the owner can read. The write is atomic: readers see the old content or the new.
 * @param {string} file
 * @param {unknown} content
 */
export function writePrivate(file, content) {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, file);
}

/**
 * @param {string} file
 * @returns {any} its content, undefined when there is no such file
 */
export function readPrivate(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`Cannot read ${file}: ${error.message}`);
  }
}
