import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from '../checkout/root.mjs';

const preload = fileURLToPath(new URL('supervised.mjs', import.meta.url));

/**
 * How a process of the API or a worker is started.
 * @typedef {object} Launch
 * @property {string} script
 * @property {string[]} nodeArguments
 * @property {Record<string, string>} env
 */

/**
 * Starts a process that ends when this one has ended. Detached into its own process group, so that Ctrl-C
 * reaches only the start process, which stops all others in order.
 * @param {Launch} launch
 */
export const spawnService = ({ script, nodeArguments, env }) =>
  spawn(process.execPath, [...nodeArguments, '--import', preload, script], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
