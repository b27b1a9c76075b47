import { rebuild, SourceError } from '../build/compile.mjs';
import { runCommand } from '../start/command-line.mjs';
import { untilReady } from '../start/readiness.mjs';
import { watchSources } from './watch-sources.mjs';

// Enough for open requests and jobs. A process paused at a breakpoint ignores the signal and is killed.
const stopMs = 1_500;

/**
 * Rebuilds changed sources and restarts the services that use them. Databases and queues keep running, so
 * accepted events are still counted.
 * @param {import('../start/mode.mjs').Running} running
 */
export function restartOnChange({ services, databaseUrl, signal }) {
  const unbuilt = new Set();
  watchSources(async (files) => {
    const begun = performance.now();
    for (const file of files) unbuilt.add(file);
    try {
      const changed = [...unbuilt];
      await rebuild(changed);
      unbuilt.clear();
      if (changed.some(needsMigration)) {
        await runCommand('migrate', databaseUrl, signal);
      }
      const concerned = services.filter(({ program }) => changed.some((file) => concerns(file, program)));
      await Promise.all(concerned.map((service) => service.process.restart(stopMs)));
      // A service that dies has printed the reason, and waits for the next change.
      const limits = { patience: Number.POSITIVE_INFINITY, deaths: 1 };
      await Promise.allSettled(concerned.map((service) => untilReady(service, signal, limits)));
      if (!signal.aborted) report(files, concerned, performance.now() - begun);
    } catch (error) {
      if (signal.aborted) return;
      const hint = error instanceof SourceError ? '\n[dev] The last good build keeps running.' : '';
      console.error(`${error.message}${hint}`);
    }
  }, signal).catch((error) => console.error(`[dev] Cannot watch the sources: ${error.message}`));
}

/** In PostgreSQL a new queue needs a sequence, which the migration makes. */
const needsMigration = (file) => file.startsWith('migrations/') || file === 'libs/queue/queues.ts';

/** An app affects its own service; libs and migrations affect all, the bench none. */
const concerns = (file, program) => /^(libs|migrations)\//.test(file) || file.startsWith(`apps/${program}/`);

function report(files, concerned, milliseconds) {
  const what = files.length === 1 ? files[0] : `${files.length} files`;
  const ready = concerned.filter(({ process: supervised }) => supervised.pid !== undefined);
  const names = ready.map(({ process: supervised }) => supervised.name).join(', ');
  const seconds = (milliseconds / 1000).toFixed(1);
  if (concerned.length === 0) console.log(`[dev] ${what} changed: rebuilt, nothing to restart.`);
  else if (names !== '') console.log(`[dev] ${what} changed: ${names} ready after ${seconds} s.`);
}
