import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { type BenchDatabase, waitForCount } from './database.js';
import type { LoadPlan, LoadResult } from './load-generator.js';
import { cpuSeconds, prepareLoad, residentMb, startProcess, stopProcess } from './processes.js';

/** Database and servers of one measurement. */
export interface Stage {
  readonly database: BenchDatabase;
  /** Absent: the queue is in PostgreSQL. */
  readonly redisUrl?: string;
  /** Process ids of the servers, to read their CPU time. */
  readonly postgresPid: number;
  readonly redisPid: number;
  /** Free ports: API, worker, and two servers for comparison. */
  readonly ports: readonly number[];
  /** Node.js arguments, as in `npm start`. */
  readonly nodeArguments: Readonly<Record<'api' | 'worker', readonly string[]>>;
  /** Environment variables, as in `npm start`. */
  readonly serviceEnvironment: Readonly<Record<string, string>>;
}

export interface Pipeline {
  readonly api: ChildProcess;
  readonly worker: ChildProcess;
  readonly port: number;
}

export async function startPipeline(stage: Stage): Promise<Pipeline> {
  const [port, workerPort] = stage.ports as [number, number];
  const [api, worker] = await Promise.all([
    startApi(stage, port),
    startService(stage, 'worker', { WORKER_PORT: String(workerPort) }, workerPort),
  ]);
  return { api, worker, port };
}

/** @param own further environment variables */
export const startApi = (stage: Stage, port: number, own: Readonly<Record<string, string>> = {}) =>
  startService(stage, 'api', { ...own, PORT: String(port) }, port);

function startService(
  { database, redisUrl, nodeArguments, serviceEnvironment }: Stage,
  name: 'api' | 'worker',
  own: Readonly<Record<string, string>>,
  port: number,
): Promise<ChildProcess> {
  return startProcess(
    `apps/${name}/src/main.js`,
    {
      ...serviceEnvironment,
      DATABASE_URL: database.url,
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...own,
    },
    `http://127.0.0.1:${port}/health/ready`,
    nodeArguments[name],
  );
}

export async function stopPipeline({ api, worker }: Pipeline): Promise<void> {
  await stopProcess(api);
  await stopProcess(worker);
}

/** CPU seconds by process. */
export type Cpu = Readonly<Record<'generator' | 'api' | 'worker' | 'postgres' | 'redis', number>>;

export interface Throughput {
  readonly eventsPerSecond: number;
  readonly acceptedPerSecond: number;
  readonly load: LoadResult;
  readonly cpuPerMillion: Cpu;
  /** Resident MiB right after the run. */
  readonly rssMb: Readonly<Record<'api' | 'worker', number>>;
}

/** (b) Posts batches over HTTP and waits until every event is stored and counted. */
export async function measureThroughput(
  stage: Stage,
  pipeline: Pipeline,
  plan: Omit<LoadPlan, 'port' | 'path' | 'apiKeys'>,
): Promise<Throughput> {
  const load = await prepareLoad({
    ...plan,
    port: pipeline.port,
    path: '/v1/events',
    apiKeys: stage.database.apiKeys,
  });
  const client = new pg.Client({ connectionString: stage.database.url });
  await client.connect();
  const received = 'SELECT sum(received) AS n FROM ledger';
  const { rows } = await client.query<{ n: string | null }>(received);
  const before = cpuOf(stage, pipeline);
  const result = await load.go();
  const counted = await waitForCount(client, received, Number(rows[0]?.n ?? 0) + result.accepted);
  const after = cpuOf(stage, pipeline);
  await client.end();
  const perMillion = (name: keyof typeof after) => ((after[name] - before[name]) / result.accepted) * 1e6;
  return {
    eventsPerSecond: (result.accepted / (counted - result.startedAt)) * 1000,
    acceptedPerSecond: (result.accepted / (result.finishedAt - result.startedAt)) * 1000,
    load: result,
    cpuPerMillion: {
      generator: (result.cpu / result.accepted) * 1e6,
      api: perMillion('api'),
      worker: perMillion('worker'),
      postgres: perMillion('postgres'),
      redis: perMillion('redis'),
    },
    rssMb: { api: residentMb(pipeline.api.pid!), worker: residentMb(pipeline.worker.pid!) },
  };
}

function cpuOf({ postgresPid, redisPid }: Stage, { api, worker }: Pipeline) {
  return {
    api: cpuSeconds(api.pid!),
    worker: cpuSeconds(worker.pid!),
    postgres: cpuSeconds(postgresPid),
    redis: cpuSeconds(redisPid),
  };
}
