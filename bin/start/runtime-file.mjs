import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateDirectory } from '../checkout/root.mjs';
import { commandOf, waitForExit } from '../process/running-process.mjs';
import { readPrivate, writePrivate } from './private-file.mjs';

const file = join(stateDirectory, 'runtime.json');

/**
 * The running Millrace, for tools.
 * @typedef {{ url: string, apiKey: string, adminKey: string, databaseUrl: string,
 *   pids: { api: number, workers: number[] } }} Runtime
 */

/** @returns {Runtime | undefined} */
export const readRuntime = () => readPrivate(file);

/** @param {Runtime} runtime */
export const writeRuntime = (runtime) => writePrivate(file, runtime);

export const removeRuntime = () => rmSync(file, { force: true });

/** Waits for the API and workers of a killed start, which exit by themselves: see services/supervised.mjs. */
export async function awaitLeftovers() {
  const { pids } = readRuntime() ?? {};
  for (const pid of pids ? [pids.api, ...pids.workers] : []) {
    const isOurs = () => commandOf(pid).includes('supervised.mjs');
    if (!isOurs() || (await waitForExit(pid, 6_000))) continue;
    if (isOurs()) process.kill(pid, 'SIGKILL');
    await waitForExit(pid, 2_000);
  }
  removeRuntime();
}
