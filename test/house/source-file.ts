import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One tracked TypeScript file of the repository. */
export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Specifiers of everything it imports or exports from elsewhere. */
  readonly imports: readonly string[];
}

/** Every TypeScript file that git knows, or would take. */
export function sourceFiles(): SourceFile[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts'], { encoding: 'utf8' })
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

/** The place an import leads to: a file's path for a relative one, the specifier for any other. */
export const target = (file: SourceFile, specifier: string) =>
  specifier.startsWith('.') ? normalize(join(dirname(file.path), specifier)) : specifier;

/** `apps/api`, `libs/queue`, `test`, …: the room a path is in. */
export const roomOf = (path: string) => /^(?:apps|libs)\/[^/]+|^[^/]+/.exec(path)![0];
