import { measureCopy } from './copy.js';
import { createBenchDatabase } from './database.js';
import { measureThroughput, type Stage, startPipeline, stopPipeline, type Throughput } from './end-to-end.js';
import { bytesPerEvent, fillEvents } from './growth.js';
import { measureLatency } from './latency.js';
import { type Figures, renderTable, writeFigures } from './report.js';
import { measureSingles } from './singles.js';

/** Servers of our own, brought up by `npm run bench`. */
export interface BenchServers {
  readonly postgresUrl: string;
  readonly postgresPid: number;
  readonly redisUrl: string;
  readonly redisPid: number;
  readonly ports: readonly number[];
  readonly serviceArguments: readonly string[];
  readonly output: string;
}

const SEED = 20_261_122;
const COPY_BATCHES = 400;
const BATCHES = 1200;
const GROWN_ROWS = 10_000_000;

/** Runs (a) to (f), prints as it goes, writes the figures. */
export async function runBench(servers: BenchServers): Promise<void> {
  const figures: Figures = {};
  const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
  const stageOn = async (name: string, redis: boolean): Promise<Stage> => ({
    database: await createBenchDatabase(servers.postgresUrl, name),
    ...(redis ? { redisUrl: servers.redisUrl } : {}),
    postgresPid: servers.postgresPid,
    redisPid: servers.redisPid,
    ports: servers.ports,
    serviceArguments: servers.serviceArguments,
  });

  // The baseline is taken before and after, as the machine's speed drifts.
  const copies = [await measureCopy(servers.postgresUrl, COPY_BATCHES, SEED)];
  say(`(a) COPY: ${Math.round(copies[0]!)} events/s`);

  const redis = await stageOn('bench_redis', true);
  const onRedis = await batches(redis, BATCHES);
  say(`(b) Redis queue: ${Math.round(onRedis.eventsPerSecond)} events/s`);
  figures.bytes_per_event = await bytesPerEvent(redis.database.url);

  const postgres = await stageOn('bench_postgres', false);
  const onPostgres = await batches(postgres, BATCHES);
  say(`(b) PostgreSQL queue: ${Math.round(onPostgres.eventsPerSecond)} events/s`);

  copies.push(await measureCopy(servers.postgresUrl, COPY_BATCHES, SEED));
  say(`(a) COPY again: ${Math.round(copies[1]!)} events/s`);
  const copy = (copies[0]! + copies[1]!) / 2;
  Object.assign(figures, throughputFigures(copy, onRedis, onPostgres));

  const singles = await measureSingles(await stageOn('bench_singles', true), 60_000, 3);
  say(
    `(c) singles: ${Math.round(singles.singlesPerSecond)} of ${Math.round(singles.noopPerSecond)} requests/s`,
  );
  figures.noop_per_s = singles.noopPerSecond;
  figures.singles_per_s = singles.singlesPerSecond;
  figures.singles_ratio = singles.singlesPerSecond / singles.noopPerSecond;

  const calm = await stageOn('bench_latency', true);
  const pipeline = await startPipeline(calm);
  const latency = await measureLatency(calm, pipeline, onRedis.eventsPerSecond / 2, 20);
  await stopPipeline(pipeline);
  say(
    `(d) at half the rate: ack p99 ${latency.ackP99.toFixed(1)} ms, visible p99 ${latency.visibleP99.toFixed(1)} ms`,
  );
  figures.ack_p50_ms = latency.ackP50;
  figures.ack_p99_ms = latency.ackP99;
  figures.visible_p50_ms = latency.visibleP50;
  figures.visible_p99_ms = latency.visibleP99;

  figures.growth_ratio = await growth(await stageOn('bench_growth', true), say);

  writeFigures(servers.output, figures);
  console.log(`\n${renderTable(figures)}`);
}

async function batches(stage: Stage, requests: number): Promise<Throughput> {
  const pipeline = await startPipeline(stage);
  const plan = { eventsPerRequest: 1000, connections: 8 };
  await measureThroughput(stage, pipeline, { ...plan, requests: 100, seed: SEED + 1, spreadSeconds: 2 });
  const result = await measureThroughput(stage, pipeline, {
    ...plan,
    requests,
    seed: SEED,
    spreadSeconds: requests / 50,
  });
  await stopPipeline(pipeline);
  const refused = Object.entries(result.load.statuses).filter(([status]) => status !== '202');
  if (refused.length > 0) throw new Error(`unexpected answers: ${JSON.stringify(result.load.statuses)}`);
  return result;
}

/** (f) Empty and grown tables in turns on one database would not be empty twice: two databases, one machine. */
async function growth(stage: Stage, say: (text: string) => void): Promise<number> {
  const empty = await batches(stage, BATCHES / 2);
  await fillEvents(stage.database.url, stage.database.organizationIds, GROWN_ROWS);
  say(`(f) filled to ${GROWN_ROWS} rows`);
  const grown = await batches(stage, BATCHES / 2);
  const ratio = grown.eventsPerSecond / empty.eventsPerSecond;
  say(`(f) ${Math.round(grown.eventsPerSecond)} against ${Math.round(empty.eventsPerSecond)} events/s`);
  return ratio;
}

function throughputFigures(copy: number, redis: Throughput, postgres: Throughput): Figures {
  const figures: Figures = {
    copy_events_per_s: copy,
    e2e_redis_events_per_s: redis.eventsPerSecond,
    e2e_redis_ratio: redis.eventsPerSecond / copy,
    e2e_postgres_events_per_s: postgres.eventsPerSecond,
    e2e_postgres_ratio: postgres.eventsPerSecond / copy,
    rss_mb: Math.max(...[redis, postgres].map(({ rssMb }) => rssMb.api + rssMb.worker)),
  };
  for (const [name, seconds] of Object.entries(redis.cpuPerMillion))
    figures[`cpu_s_per_million_${name}`] = seconds;
  for (const [name, seconds] of Object.entries(postgres.cpuPerMillion)) {
    if (name !== 'redis') figures[`postgres_queue_cpu_s_per_million_${name}`] = seconds;
  }
  return figures;
}
