import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One connection per question (no agent): a kept-alive one would hold up the process when it stops. */
function answersOk(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/**
 * Waits until a process says it is ready; throws when it dies three times first or takes over a minute.
 * @param {import('./supervised-process.mjs').SupervisedProcess} supervised
 * @param {() => string} url
 * @param {AbortSignal} signal
 */
export async function untilReady(supervised, url, signal) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    signal.throwIfAborted();
    const { pid } = supervised;
    if (pid !== undefined && (await answersOk(`${url()}/health/ready`)) && supervised.pid === pid) return;
    if (supervised.deaths >= 3) throw new Error(`${supervised.name} does not start; see its lines above.`);
    if (Date.now() > deadline) throw new Error(`${supervised.name} is not ready after a minute.`);
    await sleep(50);
  }
}
