import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateDirectory } from '../checkout/root.mjs';
import { isFree } from '../process/free-port.mjs';
import { spawnService } from '../services/spawn-service.mjs';

const warmProcess = fileURLToPath(new URL('warm-process.mjs', import.meta.url));
const host = '127.0.0.1';
// Of the API; workers use the ports above it.
const firstPort = 9229;
// By then a restart is complete, so that it does not share its cores with the next process.
const prepareAfterMs = 2_000;

/**
 * Starts a service in a process that has loaded the packages in advance, which is three quarters of a start.
 * Its inspector listens on its port.
 * @param {number} index 0 for the API, from 1 for workers
 * @param {string} name
 * @returns {(launch: import('../services/spawn-service.mjs').Launch) =>
 *   Promise<import('node:child_process').ChildProcess>}
 */
export function warmStart(index, name) {
  let prepared;
  process.once('exit', () => prepared?.kill('SIGKILL'));
  const prepare = ({ nodeArguments, env }) => {
    prepared = spawnService({
      script: warmProcess,
      // The inspector is announced over HTTP only: debuggers look there, and stderr stays clean.
      nodeArguments: [...nodeArguments, '--enable-source-maps', '--inspect-publish-uid=http'],
      // Node.js 22 and newer keep compiled code there; Node.js 20 ignores it.
      env: { ...env, NODE_COMPILE_CACHE: join(stateDirectory, 'compile-cache') },
    });
  };
  return async (launch) => {
    if (!prepared?.connected) prepare(launch);
    const child = prepared;
    prepared = undefined;
    child.send({ script: launch.script, env: launch.env, inspect: await inspector(index, name) });
    setTimeout(() => prepare(launch), prepareAfterMs).unref();
    return child;
  };
}

async function inspector(index, name) {
  const port = firstPort + index;
  if (await isFree(port, host)) return { host, port };
  console.log(`[dev] Port ${port} is in use: ${name} runs without an inspector.`);
  return undefined;
}
