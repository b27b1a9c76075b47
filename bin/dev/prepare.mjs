import { SourceError } from '../build/compile.mjs';
import { prepare } from '../build/prepare.mjs';
import { watchSources } from './watch-sources.mjs';

/**
 * Installs and builds; after a syntax error it waits for the next change.
 * @param {AbortSignal} signal
 */
export async function prepareOnceItCompiles(signal) {
  for (;;) {
    try {
      await prepare(signal);
      return;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      console.error(`${error.message}\n[dev] Waiting for a change.`);
      await nextChange(signal);
    }
  }
}

async function nextChange(signal) {
  const watching = new AbortController();
  const until = AbortSignal.any([signal, watching.signal]);
  try {
    await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      watchSources(async () => resolve(), until).catch(reject);
    });
  } finally {
    watching.abort();
  }
}
