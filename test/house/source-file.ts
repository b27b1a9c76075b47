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

/** All TypeScript files, and all modules of the commands in bin/, except those that git ignores. */
export function sourceFiles(): SourceFile[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', 'bin/*.mjs'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, imports: importsOf(text) };
    });
}

/** Specifiers of all imports and re-exports in a source text. */
export const importsOf = (text: string) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier!);

/** The target of an import: the path for a relative one, otherwise the specifier. */
export const target = (file: SourceFile, specifier: string) =>
  specifier.startsWith('.') ? normalize(join(dirname(file.path), specifier)) : specifier;

/** The top folder of a path: `apps/api`, `libs/queue`, `test`, … */
export const roomOf = (path: string) => /^(?:apps|libs)\/[^/]+|^[^/]+/.exec(path)![0];
