import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A tracked source file of the repository. */
export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Specifiers of all its imports and re-exports. */
  readonly imports: readonly string[];
}

/** Every TypeScript file, and every module of the commands in bin/, that is tracked, or untracked and not ignored. */
export function sourceFiles(): SourceFile[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', 'bin/*.mjs'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
        ([, specifier]) => specifier!,
      );
      return { path, text, imports };
    });
}

/** What an import resolves to: the path for a relative one, otherwise the specifier. */
export const target = (file: SourceFile, specifier: string) =>
  specifier.startsWith('.') ? normalize(join(dirname(file.path), specifier)) : specifier;

/** `apps/api`, `libs/queue`, `test`, …: the room a path is in. */
export const roomOf = (path: string) => /^(?:apps|libs)\/[^/]+|^[^/]+/.exec(path)![0];
