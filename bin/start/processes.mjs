import { join } from 'node:path';
import { root } from '../checkout.mjs';
import { anyFreePort, claimPort, isFree } from '../free-port.mjs';
import { nodeArguments, serviceEnvironment } from '../service-runtime.mjs';
import { SupervisedProcess } from './supervised-process.mjs';

/** The address to reach a server at that listens on this host. */
const reachable = (host) => ({ '0.0.0.0': '127.0.0.1', '::': '[::1]' })[host] ?? host;

/**
 * The API process, on the first free port from the asked one upward.
 * @param {{ askedPort: number, host: string, env: Record<string, string>, onSpawn: () => void }} options
 */
export async function apiProcess({ askedPort, host, env, onSpawn }) {
  let claim = await claimPort(askedPort, host);
  let pinned = false;
  const process = new SupervisedProcess({
    name: 'api',
    script: join(root, 'dist/apps/api/src/main.js'),
    nodeArguments: nodeArguments.api,
    environment: async () => {
      // Until clients know the port, someone else taking it costs nothing but the next number.
      if (!pinned && !(await isFree(claim.port, host))) {
        claim.release();
        claim = await claimPort(askedPort, host);
      }
      return { ...serviceEnvironment, ...env, HOST: host, PORT: String(claim.port) };
    },
    onSpawn,
  });
  return {
    process,
    port: () => claim.port,
    url: () => `http://${reachable(host)}:${claim.port}`,
    pinPort: () => {
      pinned = true;
    },
  };
}

/**
 * A worker process, its health and metrics on any free loopback port.
 * @param {{ name: string, env: Record<string, string>, onSpawn: () => void }} options
 */
export function workerProcess({ name, env, onSpawn }) {
  const host = '127.0.0.1';
  let port;
  const process = new SupervisedProcess({
    name,
    script: join(root, 'dist/apps/worker/src/main.js'),
    nodeArguments: nodeArguments.worker,
    environment: async () => {
      port = await anyFreePort();
      return { ...serviceEnvironment, ...env, HOST: host, WORKER_PORT: String(port) };
    },
    onSpawn,
  });
  return { process, url: () => `http://${host}:${port}` };
}
