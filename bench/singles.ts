import type { ChildProcess } from 'node:child_process';
import type { Stage } from './end-to-end.js';
import { startApi, startPipeline, stopPipeline } from './end-to-end.js';
import { cpuSeconds, prepareLoad, startProcess, stopProcess } from './processes.js';

/** Keeps both servers busy all the time; with 256 the API sometimes waits for its clients. */
const CONNECTIONS = 512;
const WARM_UP_ROUNDS = 2;

export interface Singles {
  readonly noopPerSecond: number;
  readonly singlesPerSecond: number;
  /** Median of the rounds' ratios. */
  readonly ratio: number;
  /** CPU of the API per request, against an API without rate limits; median of the rounds. */
  readonly rateLimitRatio: number;
}

/**
 * (c) Single-event posts, against the same requests to a no-op POST on the same Nest and Fastify, and to an API
 * without rate limits. Measured in turns, so that a change of the machine's speed affects all three.
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
  const unlimitedPort = stage.ports[3]!;
  const unlimited = await startApi(stage, unlimitedPort, { RATE_LIMIT_MAX_REQUESTS: '0' });
  const run = async (port: number, path: string, seed: number, server: ChildProcess) => {
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
    const before = cpuSeconds(server.pid!);
    const { startedAt, finishedAt, statuses } = await load.go();
    const cpu = cpuSeconds(server.pid!) - before;
    if (Object.keys(statuses).some((status) => status >= '300')) throw new Error(JSON.stringify(statuses));
    return { rate: (requests / (finishedAt - startedAt)) * 1000, cpu };
  };
  const measured: { noop: Run; own: Run; unlimited: Run }[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    const turns = {
      noop: await run(noopPort, '/noop', round, noop),
      own: await run(pipeline.port, '/v1/events', round, pipeline.api),
      unlimited: await run(unlimitedPort, '/v1/events', round, unlimited),
    };
    if (round >= WARM_UP_ROUNDS) measured.push(turns);
  }
  await stopProcess(noop);
  await stopProcess(unlimited);
  await stopPipeline(pipeline);
  return {
    noopPerSecond: median(measured.map((round) => round.noop.rate)),
    singlesPerSecond: median(measured.map((round) => round.own.rate)),
    ratio: median(measured.map((round) => round.own.rate / round.noop.rate)),
    rateLimitRatio: median(measured.map((round) => round.own.cpu / round.unlimited.cpu)),
  };
}

interface Run {
  /** Requests a second. */
  readonly rate: number;
  /** Seconds of the server's CPU. */
  readonly cpu: number;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
