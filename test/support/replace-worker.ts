import type { BuiltProcess } from './built-process.js';
import type { Pipeline } from './pipeline.js';
import type { Random } from './random.js';

/** Kills one worker as soon as it runs, and starts another in its place. */
export function replaceWorker(workers: Promise<BuiltProcess>[], pipeline: Pipeline, random: Random): void {
  const place = random.integer(0, workers.length - 1);
  workers[place] = workers[place]!.then(async (victim) => {
    await victim.end('SIGKILL');
    return pipeline.startWorker();
  });
}
