import { isSource, sourceFolders } from '../build/sources.mjs';
import { root } from '../checkout/root.mjs';

// Editors save in several steps, and a branch switch changes many files: events within this time are one
// change.
const quietMs = 60;

/**
 * Calls back with the changed sources, one call at a time.
 * @param {(files: string[]) => Promise<void>} onChange gets paths relative to the checkout
 * @param {AbortSignal} signal ends it
 */
export async function watchSources(onChange, signal) {
  // Imported here because the first run installs it.
  const { watch } = await import('chokidar');
  const changed = new Set();
  let timer;
  let working = Promise.resolve();
  const work = async () => {
    const files = [...changed];
    changed.clear();
    if (files.length > 0 && !signal.aborted) await onChange(files);
  };
  const watcher = watch(sourceFolders, { cwd: root, ignoreInitial: true });
  watcher.on('all', (_event, file) => {
    if (!isSource(file)) return;
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(work);
    }, quietMs);
  });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    watcher.close();
  });
  await new Promise((resolve) => watcher.once('ready', resolve));
}
