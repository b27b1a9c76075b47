// Compiles every TypeScript source to dist/ with swc, keeping the folder layout.
// Types are checked by `npm test`; emitting with swc keeps the first `npm start` under its 10 s.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const roots = ['apps', 'libs', 'migrations', 'bench'];

/** @returns {string[]} every source file that ends up in dist, absolute paths */
function sources() {
  const present = roots.filter((folder) => existsSync(join(root, folder)));
  return present.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(root, folder, String(name)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts')),
  );
}

/** True when dist is missing or any source, or the compiler settings, changed after it was built. */
export function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const listed = readFileSync(stamp, 'utf8');
  const files = sources();
  if (listed !== files.map((file) => relative(root, file)).join('\n')) return true;
  return [...files, join(root, '.swcrc')].some((file) => statSync(file).mtimeMs > built);
}

/** Compiles all sources; throws the first syntax error. */
export async function build() {
  const { transformFile } = await import('@swc/core');
  // Beside the old one until it is complete: a running Millrace may start a process at any moment.
  const unfinished = join(root, '.millrace', `dist.${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  const files = sources();
  mkdirSync(unfinished, { recursive: true });
  await Promise.all(
    files.map(async (file) => {
      const target = join(dist, relative(root, file)).replace(/\.ts$/, '.js');
      const { code, map } = await transformFile(file, {
        sourceFileName: relative(dirname(target), file),
      });
      const output = join(unfinished, relative(dist, target));
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, `${code}\n//# sourceMappingURL=${basename(output)}.map\n`);
      writeFileSync(`${output}.map`, map);
    }),
  );
  writeFileSync(join(unfinished, '.built'), files.map((file) => relative(root, file)).join('\n'));
  rmSync(dist, { recursive: true, force: true });
  renameSync(unfinished, dist);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
