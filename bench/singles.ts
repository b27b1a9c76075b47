import type { Stage } from './end-to-end.js';
import { startPipeline, stopPipeline } from './end-to-end.js';
import { prepareLoad, startProcess, stopProcess } from './processes.js';

/** So many that both servers are busy without a break: with 256 the API waits for its clients now and then. */
const CONNECTIONS = 512;
const WARM_UP_ROUNDS = 2;

export interface Singles {
  readonly noopPerSecond: number;
  readonly singlesPerSecond: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
}

/**
 * (c) Single-event posts to the API, against the same requests to a POST that does nothing on the same
 * Nest and Fastify. Measured in turns, so that a change of the machine's speed meets both.
 */
export async function measureSingles(stage: Stage, requests: number, rounds: number): Promise<Singles> {
  const pipeline = await startPipeline(stage);
  const noopPort = stage.ports[2]!;
  const noop = await startProcess(
    'bench/noop-server.js',
    { PORT: String(noopPort) },
    `http://127.0.0.1:${noopPort}/`,
    [],
  );
  const run = async (port: number, path: string, seed: number) => {
    const load = await prepareLoad({
      port,
      path,
      apiKeys: stage.database.apiKeys,
      requests,
      eventsPerRequest: 1,
      connections: CONNECTIONS,
      seed,
      spreadSeconds: 5,
    });
    const { startedAt, finishedAt, statuses } = await load.go();
    if (Object.keys(statuses).some((status) => status >= '300')) throw new Error(JSON.stringify(statuses));
    return (requests / (finishedAt - startedAt)) * 1000;
  };
  const noops: number[] = [];
  const singles: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const base = await run(noopPort, '/noop', round);
    const own = await run(pipeline.port, '/v1/events', round);
    if (round < WARM_UP_ROUNDS) continue;
    noops.push(base);
    singles.push(own);
  }
  await stopProcess(noop);
  await stopPipeline(pipeline);
  const ratios = singles.map((rate, round) => rate / noops[round]!);
  return { noopPerSecond: median(noops), singlesPerSecond: median(singles), ratio: median(ratios) };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
