import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from './running-process.mjs';

const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

const holds = (owner) => owner !== undefined && commandOf(owner.pid) === owner.command;

/**
 * Acquires a lock file. A lock whose owner was killed is acquired as well.
 * @param {string} file
 * @returns {{ release: () => void, heldBy?: undefined } | { heldBy: number }}
 */
export function takeLock(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, command: commandOf(process.pid) }));
  try {
    for (;;) {
      try {
        // Linked, not created, so that the lock is never visible without its content.
        linkSync(mine, file);
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const owner = read(file);
      if (holds(owner)) return { heldBy: owner.pid };
      discard(file, `${mine}.stale`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes a stale lock. Only one of several processes can rename it; a fresh lock renamed by mistake goes back. */
function discard(file, aside) {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holds(read(aside))) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

/**
 * Waits for the lock, then runs a task while holding it.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} task
 * @param {(pid: number) => void} [onWait] called once when another process holds the lock
 */
export async function withLock(file, task, onWait) {
  let waiting = false;
  for (;;) {
    const lock = takeLock(file);
    if (lock.heldBy === undefined) {
      try {
        return await task();
      } finally {
        lock.release();
      }
    }
    if (!waiting) onWait?.(lock.heldBy);
    waiting = true;
    await sleep(100);
  }
}
