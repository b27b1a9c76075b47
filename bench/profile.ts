import { createBenchDatabase } from './database.js';
import { measureThroughput, startPipeline, stopPipeline } from './end-to-end.js';
import type { BenchServers } from './main.js';

const SEED = 20_261_122;
/** Batches of a thousand events, as in the bench. */
const BATCHES = 800;

/**
 * Runs API and worker under the bench's batches, Redis queue, with V8's CPU and heap profilers on from their start.
 * @param servers `output` is the directory that the profiles go to: `api.cpuprofile`, `api.heapprofile`, and those of
 *   the worker
 */
export async function runProfile({
  postgresUrl,
  nodeArguments,
  output,
  ...servers
}: BenchServers): Promise<void> {
  const database = await createBenchDatabase(postgresUrl, 'bench_profile');
  const profiled = (name: 'api' | 'worker') => [...nodeArguments[name], ...profilers(name, output)];
  const stage = {
    ...servers,
    database,
    nodeArguments: { api: profiled('api'), worker: profiled('worker') },
  };
  const pipeline = await startPipeline(stage);
  const { eventsPerSecond } = await measureThroughput(stage, pipeline, {
    eventsPerRequest: 1000,
    connections: 8,
    requests: BATCHES,
    seed: SEED,
    spreadSeconds: BATCHES / 50,
  });
  // Node.js writes the profiles at exit.
  await stopPipeline(pipeline);
  console.log(`${BATCHES * 1000} events, ${Math.round(eventsPerSecond)} a second with the profilers on.`);
}

const profilers = (name: string, directory: string) => [
  '--cpu-prof',
  `--cpu-prof-dir=${directory}`,
  `--cpu-prof-name=${name}.cpuprofile`,
  '--heap-prof',
  `--heap-prof-dir=${directory}`,
  `--heap-prof-name=${name}.heapprofile`,
];
