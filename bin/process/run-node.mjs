import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../checkout/root.mjs';

const killAfterMs = 5_000;

/**
 * Runs a Node.js program in its own process group, with its output on the terminal. An abort ends the whole
 * group.
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<number>} its exit code
 */
export async function runNode(args, { env = process.env, signal }) {
  signal.throwIfAborted();
  const stdio = ['ignore', 'inherit', 'inherit'];
  const child = spawn(process.execPath, args, { cwd: root, env, detached: true, stdio });
  let timer;
  const abort = () => {
    killGroup(child, 'SIGTERM');
    timer = setTimeout(() => killGroup(child, 'SIGKILL'), killAfterMs);
  };
  signal.addEventListener('abort', abort);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', abort);
  clearTimeout(timer);
  return code ?? 1;
}

function killGroup({ pid }, name) {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
