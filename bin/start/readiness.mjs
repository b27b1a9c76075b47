import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One connection per request (no agent): a kept-alive one would delay the stop of the process. */
function isReady(address) {
  const options = { ...address, path: '/health/ready', agent: false, timeout: 2_000 };
  return new Promise((resolve) => {
    const request = get(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/**
 * Waits until a service reports that it is ready.
 * @param {import('./processes.mjs').Service} service
 * @param {AbortSignal} signal
 * @param {{ patience: number, deaths?: number }} limits milliseconds it may take, deaths at which it is given up
 * @throws when it dies too often before, or runs out of time
 */
export async function untilReady({ process: supervised, address }, signal, { patience, deaths = 3 }) {
  const deadline = Date.now() + patience;
  for (;;) {
    signal.throwIfAborted();
    const { pid } = supervised;
    if (pid !== undefined && (await isReady(address())) && supervised.pid === pid) return;
    if (supervised.deaths >= deaths)
      throw new Error(`${supervised.name} does not start; see its output above.`);
    if (Date.now() > deadline) {
      throw new Error(`${supervised.name} is not ready after ${patience / 1000} s.`);
    }
    await sleep(50);
  }
}
