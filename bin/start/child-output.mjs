import { createInterface } from 'node:readline';

/**
 * Passes the lines of a child process on, each with its name in front.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 */
export function prefixOutput(child, name) {
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    createInterface({ input: from }).on('line', (line) => to.write(`[${name}] ${line}\n`));
  }
}
