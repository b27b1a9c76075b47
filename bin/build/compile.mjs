import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { root, stateDirectory } from '../checkout/root.mjs';
import { outputOf, sources } from './sources.mjs';

const dist = join(root, 'dist');
// Lists the sources that dist/ was built from; its time is the start of that build.
const stamp = join(dist, '.built');

/** A source that does not compile; the message shows file, line and column. */
export class SourceError extends Error {}

/** True when dist/ is missing, or when a source or the compiler's settings changed since it was built. */
export function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const files = sources();
  if (readFileSync(stamp, 'utf8') !== files.join('\n')) return true;
  return [...files, '.swcrc'].some((file) => statSync(join(root, file)).mtimeMs > built);
}

/**
 * Compiles every source to dist/ with swc and keeps the folder layout. swc emits and `tsc` only checks: that keeps
 * the first `npm start` under 10 s.
 * @throws {SourceError} for the first syntax error
 */
export async function build() {
  // dist/ is replaced when the new one is complete, because a running Millrace may start a process at any
  // time.
  const unfinished = join(stateDirectory, `dist.${process.pid}`);
  const begun = new Date();
  rmSync(unfinished, { recursive: true, force: true });
  const files = sources();
  mkdirSync(unfinished, { recursive: true });
  await Promise.all(files.map((file) => compile(file, unfinished)));
  writeStamp(unfinished, files, begun);
  rmSync(dist, { recursive: true, force: true });
  renameSync(unfinished, dist);
}

/**
 * Compiles changed sources into the existing dist/, and removes the output of deleted ones.
 * @param {readonly string[]} files relative to the checkout
 * @throws {SourceError} for the first syntax error; dist/ then has none of the changes
 */
export async function rebuild(files) {
  const begun = new Date();
  const present = files.filter((file) => existsSync(join(root, file)));
  const compiled = await Promise.all(present.map(async (file) => ({ file, ...(await transform(file)) })));
  for (const { file, code, map } of compiled) write(join(dist, outputOf(file)), code, map);
  for (const file of files.filter((name) => !present.includes(name))) {
    for (const suffix of ['', '.map']) rmSync(join(dist, `${outputOf(file)}${suffix}`), { force: true });
  }
  writeStamp(dist, sources(), begun);
}

function writeStamp(folder, files, begun) {
  const file = join(folder, basename(stamp));
  writeFileSync(file, files.join('\n'));
  utimesSync(file, begun, begun);
}

async function compile(file, target) {
  const { code, map } = await transform(file);
  write(join(target, outputOf(file)), code, map);
}

async function transform(file) {
  const { transformFile } = await import('@swc/core');
  const folder = join(dist, dirname(file));
  try {
    return await transformFile(join(root, file), { sourceFileName: relative(folder, join(root, file)) });
  } catch (error) {
    // The excerpt of the source is followed by a stack of swc itself.
    const excerpt = error.message.split('\n\n\nCaused by:')[0];
    throw new SourceError(excerpt.replaceAll(`${root}/`, ''));
  }
}

function write(output, code, map) {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(`${output}.map`, map);
  writeFileSync(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
}
