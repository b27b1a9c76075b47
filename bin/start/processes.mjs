import { join } from 'node:path';
import { root } from '../checkout/root.mjs';
import { anyFreePort, claimPort, isFree } from '../process/free-port.mjs';
import { nodeArguments, scriptOf, serviceEnvironment } from '../services/runtime.mjs';
import { SupervisedProcess } from '../services/supervised-process.mjs';
import { reachable } from './http-url.mjs';

/**
 * @typedef {object} Service
 * @property {'api' | 'worker'} program
 * @property {SupervisedProcess} process
 * @property {() => { host: string, port: number }} address where it listens, after its start
 */

/**
 * The API process, on the first free port from the requested one upward.
 * @param {{ askedPort: number, host: string, env: Record<string, string>, onSpawn: () => void,
 *   mode: import('./mode.mjs').Mode }} options
 */
export async function apiProcess({ askedPort, host, env, onSpawn, mode }) {
  let claim = await claimPort(askedPort, host);
  let pinned = false;
  const settings = async () => {
    // The port stays the same once clients know it.
    if (!pinned && !(await isFree(claim.port, host))) {
      claim.release();
      claim = await claimPort(askedPort, host);
    }
    return { HOST: host, PORT: String(claim.port) };
  };
  return {
    program: 'api',
    process: supervised({ name: 'api', program: 'api', index: 0, env, settings, onSpawn, mode }),
    address: () => ({ host: reachable(host), port: claim.port }),
    pinPort: () => {
      pinned = true;
    },
  };
}

/**
 * A worker process, with its health and metrics on any free loopback port.
 * @param {{ number: number, env: Record<string, string>, onSpawn: () => void, mode: import('./mode.mjs').Mode }} options
 *   `number` counts from 1
 * @returns {Service}
 */
export function workerProcess({ number, env, onSpawn, mode }) {
  const host = '127.0.0.1';
  let port;
  const settings = async () => {
    port = await anyFreePort();
    return { HOST: host, WORKER_PORT: String(port) };
  };
  const name = `worker ${number}`;
  return {
    program: 'worker',
    process: supervised({ name, program: 'worker', index: number, env, settings, onSpawn, mode }),
    address: () => ({ host, port }),
  };
}

function supervised({ name, program, index, env, settings, onSpawn, mode }) {
  return new SupervisedProcess({
    name,
    start: mode.starter(index, name),
    launch: async () => ({
      script: join(root, scriptOf(program)),
      nodeArguments: nodeArguments[program],
      env: { ...serviceEnvironment, ...env, ...(await settings()) },
    }),
    onSpawn,
    formatLine: mode.formatLine,
    startsAgain: mode.startsAgain,
  });
}
