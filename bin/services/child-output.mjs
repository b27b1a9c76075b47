import { createInterface } from 'node:readline';

/**
 * Prints the lines of a child process, prefixed with its name.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 * @param {(line: string) => string | undefined} format applied to each line; undefined leaves it out
 */
export function prefixOutput(child, name, format) {
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    createInterface({ input: from }).on('line', (line) => {
      const text = format(line);
      if (text !== undefined) to.write(`[${name}] ${text}\n`);
    });
  }
}
