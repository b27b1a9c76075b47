import { existsSync, readFileSync } from 'node:fs';

/** A file as the recipes of a document leave it: a new one, or a list with lines added. */
export interface RecipeFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly isNew: boolean;
}

/** A code block whose first line names its file. */
const BLOCK = /^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm;
/** The end of a list in braces or brackets. */
const CLOSING = /^[}\]]/;

/** The files that a reader has who copies every block of a document. */
export function recipeFiles(document: string): RecipeFile[] {
  return [...document.matchAll(BLOCK)].map(([, path, code]) => {
    const isNew = !existsSync(path!);
    return { path: path!, text: isNew ? code! : withLines(readFileSync(path!, 'utf8'), code!), isNew };
  });
}

/** Adds entries, which are indented, at the end of the last list, and imports and exports at the top. */
function withLines(file: string, added: string): string {
  const lines = file.split('\n');
  const isEntry = (line: string) => line.startsWith(' ');
  const addedLines = added.trimEnd().split('\n');
  const end = lines.findLastIndex((line) => CLOSING.test(line));
  lines.splice(end, 0, ...addedLines.filter(isEntry));
  return [...addedLines.filter((line) => !isEntry(line)), ...lines].join('\n');
}
