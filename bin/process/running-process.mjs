import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The command line of a running process, '' when there is none (a zombie counts as none). Process ids
 * are reused, so a pid read from a file proves nothing until its command line was looked at too.
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
 * Waits until a process is gone.
 * @param {number} pid
 * @param {number} milliseconds
 * @returns {Promise<boolean>} false when it is still there after that time
 */
export async function waitForExit(pid, milliseconds) {
  const deadline = Date.now() + milliseconds;
  while (commandOf(pid) !== '') {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}
