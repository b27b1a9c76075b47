import { closePastDays, fillPastDays } from './closed.js';
import { measureCopy } from './copy.js';
import { createBenchDatabase } from './database.js';
import {
  measureThroughput,
  type Pipeline,
  type Stage,
  startApi,
  startPipeline,
  stopPipeline,
  type Throughput,
} from './end-to-end.js';
import { bytesPerEvent, compactRest, fillEvents, vacuum } from './growth.js';
import { type Latency, measureLatency } from './latency.js';
import { stopProcess } from './processes.js';
import { timeAverage, timeListings } from './raw-reads.js';
import { type Figures, renderTable, writeFigures } from './report.js';
import { measureSingles } from './singles.js';
import { mean, median } from './statistics.js';
import { throughputFigures } from './throughput-figures.js';

/** Servers that `npm run bench` started. */
export interface BenchServers {
  readonly postgresUrl: string;
  readonly postgresPid: number;
  readonly redisUrl: string;
  readonly redisPid: number;
  readonly ports: readonly number[];
  readonly nodeArguments: Stage['nodeArguments'];
  readonly serviceEnvironment: Stage['serviceEnvironment'];
  readonly output: string;
}

const SEED = 20_261_122;
/** Batches of a thousand events per run; COPY and pipeline insert equally many rows. */
const BATCHES = 800;
/** Lets V8 compile the hot code: after 100 warm-up batches, 600 were 10–24 % slower than the next 600. */
const WARM_UP_BATCHES = 300;
const ROUNDS = 2;
const LATENCY_ROUNDS = 5;
const LATENCY_SECONDS = 25;
const GROWN_ROWS = 10_000_000;
/** Twenty million events of past days. */
const CLOSED = { days: 30, thousandsPerDay: 667, seed: SEED };

/** Runs (a) to (g), prints progress and writes the figures. Measures in turns what it compares. */
export async function runBench(servers: BenchServers): Promise<void> {
  const bench = new Bench(servers);
  const figures: Figures = await bench.throughput();
  Object.assign(figures, await bench.singles());
  Object.assign(figures, await bench.latency(figures.e2e_redis_events_per_s! / 2));
  // Last, because ten million new rows keep the server busy for a while.
  Object.assign(figures, await bench.growth());
  Object.assign(figures, await bench.closing());
  writeFigures(servers.output, figures);
  console.log(`\n${renderTable(figures)}`);
}

class Bench {
  constructor(private readonly servers: BenchServers) {}

  /** (a), (b) and (e). */
  async throughput(): Promise<Figures> {
    const copies: number[] = [];
    const redis: Throughput[] = [];
    const postgres: Throughput[] = [];
    let bytes = 0;
    const copy = async () => copies.push(await measureCopy(this.servers.postgresUrl, BATCHES, SEED));
    await copy();
    say(`(a) COPY: ${Math.round(copies.at(-1)!)} events/s`);
    for (let round = 1; round <= ROUNDS; round++) {
      const stage = await this.stage('bench_redis', 'redis');
      redis.push(await this.batches(stage, 'Redis queue'));
      bytes = await bytesPerEvent(stage.database.url);
      await copy();
      say(`(a) COPY: ${Math.round(copies.at(-1)!)} events/s`);
      postgres.push(await this.batches(await this.stage('bench_postgres', 'postgres'), 'PostgreSQL queue'));
    }
    return { ...throughputFigures(mean(copies), redis, postgres), bytes_per_event: bytes };
  }

  /** (c). */
  async singles(): Promise<Figures> {
    const singles = await measureSingles(await this.stage('bench_singles', 'redis'), 50_000, 5);
    const { noopPerSecond, singlesPerSecond, ratio, rateLimitRatio } = singles;
    say(`(c) singles: ${Math.round(singlesPerSecond)} of ${Math.round(noopPerSecond)} requests/s`);
    return {
      noop_per_s: noopPerSecond,
      singles_per_s: singlesPerSecond,
      singles_ratio: ratio,
      rate_limit_cpu_ratio: rateLimitRatio,
    };
  }

  /** (d), the median of several runs: a single stall of the disk is 1 % of a run. */
  async latency(eventsPerSecond: number): Promise<Figures> {
    const runs: Latency[] = [];
    for (let round = 1; round <= LATENCY_ROUNDS; round++) {
      const stage = await this.stage('bench_latency', 'redis');
      const pipeline = await startPipeline(stage);
      await warmUp(stage, pipeline);
      const run = await measureLatency(stage, pipeline, eventsPerSecond, LATENCY_SECONDS);
      await stopPipeline(pipeline);
      runs.push(run);
      const [ack, visible] = [run.ackP99.toFixed(1), run.visibleP99.toFixed(1)];
      say(`(d) at half the rate: ack p99 ${ack} ms, visible p99 ${visible} ms`);
    }
    return {
      ack_p50_ms: median(runs.map((run) => run.ackP50)),
      ack_p99_ms: median(runs.map((run) => run.ackP99)),
      visible_p50_ms: median(runs.map((run) => run.visibleP50)),
      visible_p99_ms: median(runs.map((run) => run.visibleP99)),
    };
  }

  /** (f): a grown table against empty ones, alternating. */
  async growth(): Promise<Figures> {
    const grownStage = await this.stage('bench_grown', 'redis');
    await fillEvents(grownStage.database.url, grownStage.database.organizationIds, GROWN_ROWS);
    say(`(f) filled to ${GROWN_ROWS} rows`);
    const empty: number[] = [];
    const grown: number[] = [];
    const run = async (stage: Stage, label: string) => (await this.batches(stage, label)).eventsPerSecond;
    for (let round = 1; round <= ROUNDS; round++) {
      empty.push(await run(await this.stage('bench_empty', 'redis'), 'empty table'));
      grown.push(await run(grownStage, 'grown table'));
      await compactRest(grownStage.database.url);
    }
    empty.push(await run(await this.stage('bench_empty', 'redis'), 'empty table'));
    return { growth_ratio: mean(grown) / mean(empty) };
  }

  /** (g): raw reads from rows, then the same from segments. */
  async closing(): Promise<Figures> {
    const stage = await this.stage('bench_closed', 'redis');
    const { database, postgresPid, ports } = stage;
    const copyCpu = await fillPastDays(database, postgresPid, CLOSED);
    await vacuum(database.url);
    say(`(g) filled ${CLOSED.days} days with ${CLOSED.thousandsPerDay},000 rows each`);
    const rows = await timeAverage(database, 'rows');
    const closing = await closePastDays(database.url, postgresPid);
    say(`(g) closed: ${closing.bytesPerEvent.toFixed(1)} bytes per event`);
    const segments = await timeAverage(database, 'segments');
    if (segments.average !== rows.average) throw new Error(`${segments.average}, not ${rows.average}`);
    const api = await startApi(stage, ports[0]!);
    const listings = await timeListings(database, ports[0]!, CLOSED.days);
    await stopProcess(api);
    return {
      closed_bytes_per_event: closing.bytesPerEvent,
      close_s_per_million: closing.cpuSeconds,
      copy_s_per_million: copyCpu,
      closed_average_speedup: rows.milliseconds / segments.milliseconds,
      closed_newest_ms: listings.newest,
      closed_filtered_ms: listings.filtered,
    };
  }

  private async stage(name: string, queue: 'redis' | 'postgres'): Promise<Stage> {
    const { postgresUrl, redisUrl, ...servers } = this.servers;
    const database = await createBenchDatabase(postgresUrl, name);
    return { database, ...(queue === 'redis' ? { redisUrl } : {}), ...servers };
  }

  private async batches(stage: Stage, label: string): Promise<Throughput> {
    const pipeline = await startPipeline(stage);
    await warmUp(stage, pipeline);
    const result = await measureThroughput(stage, pipeline, {
      ...{ eventsPerRequest: 1000, connections: 8, seed: SEED },
      requests: BATCHES,
      spreadSeconds: BATCHES / 50,
    });
    await stopPipeline(pipeline);
    const { 202: accepted = 0, 503: refused = 0, ...others } = result.load.statuses;
    if (Object.keys(others).length > 0) throw new Error(`unexpected answers: ${JSON.stringify(others)}`);
    say(`(b) ${label}: ${Math.round(result.eventsPerSecond)} events/s`);
    // A slow disk may hold up the queue for longer than requests wait. Only accepted events count.
    if (refused > 0) say(`    503 for ${refused} of ${accepted + refused} requests`);
    return result;
  }
}

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);

async function warmUp(stage: Stage, pipeline: Pipeline): Promise<void> {
  await measureThroughput(stage, pipeline, {
    ...{ eventsPerRequest: 1000, connections: 8, seed: SEED + 1 },
    requests: WARM_UP_BATCHES,
    spreadSeconds: 2,
  });
}
