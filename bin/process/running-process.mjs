import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The command line of a running process; '' when it does not exist or is a zombie. Process ids are reused:
 * compare the command line before you trust an id from a file.
 * @param {number} pid
 */
export function commandOf(pid) {
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    }
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/**
 * Waits until a process has ended.
 * @param {number} pid
 * @param {number} milliseconds
 * @returns {Promise<boolean>} false when it still runs after that time
 */
export async function waitForExit(pid, milliseconds) {
  const deadline = Date.now() + milliseconds;
  while (commandOf(pid) !== '') {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}
